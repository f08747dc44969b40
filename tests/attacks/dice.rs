//! Chance, all of it from one seed and one number.

/// Every draw of one case. The generator is the same on every machine, so a number is a whole case.
pub struct Dice(fastrand::Rng);

impl Dice {
    /// Neighbouring numbers share nothing: the generator mixes what it is seeded with.
    pub fn new(seed: u64, number: u64) -> Self {
        let seed = fastrand::Rng::with_seed(seed).u64(..);
        Self(fastrand::Rng::with_seed(seed ^ number.wrapping_mul(0x9e37_79b9_7f4a_7c15)))
    }

    /// True so many times in a hundred.
    pub fn chance(&mut self, in_a_hundred: u32) -> bool {
        self.0.u32(..100) < in_a_hundred
    }

    /// From 0 up to and without `end`, which is at least 1.
    pub fn below(&mut self, end: usize) -> usize {
        self.0.usize(..end)
    }

    pub fn within(&mut self, least: usize, most: usize) -> usize {
        self.0.usize(least..=most)
    }

    pub fn byte(&mut self) -> u8 {
        self.0.u8(..)
    }

    pub fn pick<T: Copy>(&mut self, among: &[T]) -> T {
        among[self.below(among.len())]
    }
}
