// A vec4 of a query row, and one each of four keys or values; zeros where there is no such row.
fn load_q(at: u32, present: bool) -> vec4<f32> {
  var row = vec4<f32>(); if (!RAGGED || present) { row = q[at]; }
  return row;
}
fn load_k(at: vec4<u32>, present: vec4<bool>) -> Keys {
  var rows = Keys();
  if (!RAGGED || present.x) { rows[0] = k[at.x]; } if (!RAGGED || present.y) { rows[1] = k[at.y]; }
  if (!RAGGED || present.z) { rows[2] = k[at.z]; } if (!RAGGED || present.w) { rows[3] = k[at.w]; }
  return rows;
}
fn load_v(at: vec4<u32>, present: vec4<bool>) -> Keys {
  var rows = Keys();
  if (!RAGGED || present.x) { rows[0] = v[at.x]; } if (!RAGGED || present.y) { rows[1] = v[at.y]; }
  if (!RAGGED || present.z) { rows[2] = v[at.z]; } if (!RAGGED || present.w) { rows[3] = v[at.w]; }
  return rows;
}
