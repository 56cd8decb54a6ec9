//! Where random numbers come from. The caller owns the generator, so that a run with the same
//! seed repeats itself; nothing here asks the machine for entropy.

/// A generator handed in by the caller. `States.UUID` and `States.MathRandom` without a seed
/// draw from it, in the order in which the fields of a template are written.
pub trait RandomSource {
    /// The next 64 random bits.
    fn next_u64(&mut self) -> u64;
}

/// `java.util.Random`: the generator behind AWS's seeded functions, so that a seed gives the
/// number that AWS gives (seed 42: 0.7275636800328681).
#[derive(Debug, Clone, PartialEq)]
pub struct JavaRandom {
    state: u64,
}

const MULTIPLIER: u64 = 0x5_DEEC_E66D;
const MASK: u64 = (1 << 48) - 1;

impl JavaRandom {
    /// A generator that starts where Java's does for this seed.
    pub fn new(seed: i64) -> JavaRandom {
        JavaRandom { state: (seed as u64 ^ MULTIPLIER) & MASK }
    }

    fn next(&mut self, n_bits: u32) -> u64 {
        self.state = self.state.wrapping_mul(MULTIPLIER).wrapping_add(0xB) & MASK;
        self.state >> (48 - n_bits)
    }

    /// Uniform in [0, 1), Java's `nextDouble`.
    pub fn next_double(&mut self) -> f64 {
        let high = self.next(26) << 27;
        (high + self.next(27)) as f64 / (1_u64 << 53) as f64
    }
}

/// Uniform in [0, 1) from the caller's generator.
pub fn unit(random: &mut dyn RandomSource) -> f64 {
    (random.next_u64() >> 11) as f64 / (1_u64 << 53) as f64
}

/// A version 4 UUID in its usual spelling, from 128 random bits.
pub fn uuid_v4(random: &mut dyn RandomSource) -> String {
    let high = (random.next_u64() & !0xF000) | 0x4000;
    let low = (random.next_u64() & !(0b11 << 62)) | (0b10 << 62);
    format!(
        "{:08x}-{:04x}-{:04x}-{:04x}-{:012x}",
        high >> 32,
        (high >> 16) & 0xFFFF,
        high & 0xFFFF,
        low >> 48,
        low & 0xFFFF_FFFF_FFFF
    )
}

#[cfg(test)]
pub(crate) mod tests {
    use super::*;

    /// A fixed sequence for tests of the functions that draw.
    pub struct Counter(pub u64);

    impl RandomSource for Counter {
        fn next_u64(&mut self) -> u64 {
            self.0 = self.0.wrapping_mul(6_364_136_223_846_793_005).wrapping_add(1);
            self.0
        }
    }

    #[test]
    fn seed_42_gives_the_number_that_aws_gives() {
        assert_eq!(JavaRandom::new(42).next_double(), 0.7275636800328681);
    }

    #[test]
    fn uuid_has_version_and_variant() {
        let mut random = Counter(7);
        for _ in 0..100 {
            let uuid = uuid_v4(&mut random);
            let bytes = uuid.as_bytes();
            assert_eq!(uuid.len(), 36, "{uuid}");
            assert_eq!(bytes[14], b'4', "{uuid}");
            assert!(b"89ab".contains(&bytes[19]), "{uuid}");
        }
    }

    #[test]
    fn unit_stays_below_one() {
        struct Max;
        impl RandomSource for Max {
            fn next_u64(&mut self) -> u64 {
                u64::MAX
            }
        }
        assert!(unit(&mut Max) < 1.0);
    }
}
