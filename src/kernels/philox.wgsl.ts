/** `philox(counter, key)` and `unit_interval(word)`, bit for bit `philox` and `unitInterval` of philox.ts. */
export const philox = /* wgsl */ `
fn multiply_high(a: u32, b: u32) -> u32 {
  let low = (a & 0xffff) * (b & 0xffff);
  let middle = (a >> 16) * (b & 0xffff) + (low >> 16);
  let other = (a & 0xffff) * (b >> 16) + (middle & 0xffff);
  return (a >> 16) * (b >> 16) + (middle >> 16) + (other >> 16);
}

fn philox(counter: vec4u, key: vec2u) -> vec4u {
  var c = counter;
  var k = key;
  for (var round = 0; round < 10; round++) {
    c = vec4u(
      multiply_high(0xcd9e8d57, c.z) ^ c.y ^ k.x,
      0xcd9e8d57 * c.z,
      multiply_high(0xd2511f53, c.x) ^ c.w ^ k.y,
      0xd2511f53 * c.x
    );
    k += vec2u(0x9e3779b9, 0xbb67ae85);
  }
  return c;
}

fn unit_interval(word: u32) -> f32 { return (f32(word >> 9) + 0.5) / 8388608; }`;
