// A vec4 of a row of a, and one each of four rows of b; zeros where there is no such row or column.
fn load_a(row: u32, i: u32) -> vec4<f32> {
  var four = vec4<f32>();
  if (!RAGGED || row < params.m) { four = a[row * (params.k / 4u) + i]; }
  return four;
}
fn load_b(at: u32, width: u32, present: bool) -> Tile {
  var rows = Tile();
  if (!RAGGED || present) { rows = Tile(b[at], b[at + width], b[at + 2u * width], b[at + 3u * width]); }
  return rows;
}
// Writes four columns of a row, vec4 number `column` of it; then four such vec4s.
fn write_four(row: u32, column: u32, sum: vec4<f32>) {
  let width = params.n / 4u;
  if (RAGGED && (row >= params.m || column >= width)) { return; }
  var element = sum;
  if (HAS_BIAS) { element += bias[column]; }
  c[row * width + column] = element;
}
fn write(row: u32, columns: vec4<u32>, s: Row) {
  write_four(row, columns.x, s[0]); write_four(row, columns.y, s[1]);
  write_four(row, columns.z, s[2]); write_four(row, columns.w, s[3]);
}
