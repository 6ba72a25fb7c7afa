// Makes an element of y of its sum.
fn write_element(row: u32, column: u32, sum: f32) {
  let at = row * params.n + column;
  var element = sum;
  if (HAS_BIAS) { element += bias[column]; }
  element = activate(element);
  if (HAS_GATE) { element *= gate[at]; }
  if (HAS_RESIDUAL) { element += residual[at]; }
  y[params.y_first * params.n + at] = element;
}
