// Of B and of C, the element that state n of a channel meets at a time; `first` is where those of the channel's group begin.
fn input_map(first: u32, channel: u32, n: u32, time: u32) -> f32 {
  if (B_PER_CHANNEL) {
    return bc[params.b_at + channel * N + n];
  }
  return bc[first + n * params.seqlen + time];
}
fn output_map(first: u32, channel: u32, n: u32, time: u32) -> f32 {
  if (C_PER_CHANNEL) {
    return bc[params.c_at + channel * N + n];
  }
  return bc[first + n * params.seqlen + time];
}
