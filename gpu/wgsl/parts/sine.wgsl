// sin(r + quadrant · π/2) for |r| ≤ π/4, within 1e-7. WGSL promises its own sin only 2⁻¹¹.
// Polynomials from Cephes' sinf.c (Moshier 1987).
fn sine_in(quadrant: u32, r: f32) -> f32 {
  let s = r * r;
  let odd = fma(fma(fma(-1.9515295891e-4, s, 8.3321608736e-3), s, -1.6666654611e-1) * s, r, r);
  let even = fma(fma(fma(2.443315711809948e-5, s, -1.388731625493765e-3), s, 4.166664568298827e-2) * s - 0.5, s, 1.0);
  let magnitude = select(odd, even, (quadrant & 1u) == 1u);
  return select(magnitude, -magnitude, (quadrant & 2u) == 2u);
}
