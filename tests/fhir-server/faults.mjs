// Failures by a seed: the same seed and order of requests fail in the same way.

export const kinds = ['503-before', '503-after', 'drop-before', 'drop-after'];

/** For each request in turn: null, or how it fails. "before" leaves no work done, "after" hides that it was done. */
export function failures(percent, seed) {
  let state = seed >>> 0;
  const random = () => {
    // mulberry32
    state = (state + 0x6d2b79f5) >>> 0;
    let t = Math.imul(state ^ (state >>> 15), state | 1);
    t ^= t + Math.imul(t ^ (t >>> 7), t | 61);
    return ((t ^ (t >>> 14)) >>> 0) / 4_294_967_296;
  };
  return () => {
    const [whether, which] = [random(), random()];
    return whether * 100 < percent ? kinds[Math.floor(which * kinds.length)] : null;
  };
}
