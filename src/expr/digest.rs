//! The hashes that both languages know: MD5, SHA-1 and three of SHA-2. None of them guards a secret here;
//! written for one another they are a quarter of what the usual crates add to the page.

/// The hash in lower-case hexadecimal; nothing for another algorithm than `MD5`, `SHA-1`, `SHA-256`,
/// `SHA-384` and `SHA-512`.
pub fn hash(algorithm: &str, data: &[u8]) -> Option<String> {
    Some(match algorithm {
        "MD5" => md5(data),
        "SHA-1" => sha1(data),
        "SHA-256" => sha2(data, &NARROW, shifted(H, 32), 8),
        "SHA-384" => sha2(data, &WIDE, H384, 6),
        "SHA-512" => sha2(data, &WIDE, H, 8),
        _ => return None,
    })
}

/// The data, a one, zeros and the length in bits, in blocks of 16 words of so many bytes.
fn blocks(data: &[u8], word: usize, length: [u8; 8]) -> Vec<[u64; 16]> {
    let mut padded = data.to_vec();
    padded.push(0x80);
    while !(padded.len() + 8).is_multiple_of(16 * word) || padded.len() - data.len() <= word * 2 - 8 {
        padded.push(0);
    }
    padded.extend(length);
    let words: Vec<u64> =
        padded.chunks(word).map(|it| it.iter().fold(0, |sum, it| sum << 8 | u64::from(*it))).collect();
    words.chunks(16).filter_map(|it| it.try_into().ok()).collect()
}

fn big_end(data: &[u8]) -> [u8; 8] {
    (data.len() as u64 * 8).to_be_bytes()
}

fn hex(words: impl Iterator<Item = u64>, n_digits: usize) -> String {
    words.map(|it| format!("{it:0n_digits$x}")).collect()
}

// MD5 (RFC 1321).

const TURNS: [[u32; 4]; 4] = [[7, 12, 17, 22], [5, 9, 14, 20], [4, 11, 16, 23], [6, 10, 15, 21]];

fn md5(data: &[u8]) -> String {
    let mut state = [0x6745_2301_u32, 0xEFCD_AB89, 0x98BA_DCFE, 0x1032_5476];
    for block in blocks(data, 4, (data.len() as u64 * 8).to_le_bytes()) {
        let words = block.map(|it| (it as u32).swap_bytes());
        let [mut a, mut b, mut c, mut d] = state;
        let turns = TURNS.iter().flat_map(|it| it.iter().cycle().take(16));
        for ((round, sine), turn) in SINES.iter().enumerate().zip(turns) {
            let (mixed, place) = match round / 16 {
                0 => (b & c | !b & d, round),
                1 => (d & b | !d & c, 5 * round + 1),
                2 => (b ^ c ^ d, 3 * round + 5),
                _ => (c ^ (b | !d), 7 * round),
            };
            let word = words.get(place % 16).copied().unwrap_or(0);
            let sum = a.wrapping_add(mixed).wrapping_add(*sine).wrapping_add(word);
            (a, d, c, b) = (d, c, b, b.wrapping_add(sum.rotate_left(*turn)));
        }
        let [e, f, g, h] = state;
        state = [a.wrapping_add(e), b.wrapping_add(f), c.wrapping_add(g), d.wrapping_add(h)];
    }
    hex(state.into_iter().map(|it| u64::from(it.swap_bytes())), 8)
}

// SHA-1 (FIPS 180).

fn sha1(data: &[u8]) -> String {
    let mut state = [0x6745_2301_u32, 0xEFCD_AB89, 0x98BA_DCFE, 0x1032_5476, 0xC3D2_E1F0];
    for block in blocks(data, 4, big_end(data)) {
        let mut words = block.map(|it| it as u32);
        let [mut a, mut b, mut c, mut d, mut e] = state;
        for round in 0..80 {
            let (mixed, constant) = match round / 20 {
                0 => (b & c | !b & d, 0x5A82_7999),
                1 => (b ^ c ^ d, 0x6ED9_EBA1),
                2 => (b & c | b & d | c & d, 0x8F1B_BCDC_u32),
                _ => (b ^ c ^ d, 0xCA62_C1D6),
            };
            let sum = a.rotate_left(5).wrapping_add(mixed).wrapping_add(e).wrapping_add(constant);
            (e, d, c, b, a) = (d, c, b.rotate_left(30), a, sum.wrapping_add(words[0]));
            words[0] = (words[13] ^ words[8] ^ words[2] ^ words[0]).rotate_left(1);
            words.rotate_left(1);
        }
        for (word, add) in state.iter_mut().zip([a, b, c, d, e]) {
            *word = word.wrapping_add(add);
        }
    }
    hex(state.into_iter().map(u64::from), 8)
}

// SHA-2 (FIPS 180). The constants of SHA-256 are the upper halves of those of SHA-512.

/// What differs between words of 32 and of 64 bits.
struct Words {
    n_bits: u32,
    n_rounds: usize,
    /// How far is rotated; the last of the two below is shifted.
    large_a: [u32; 3],
    large_e: [u32; 3],
    small_0: [u32; 3],
    small_1: [u32; 3],
}

const NARROW: Words = Words {
    n_bits: 32,
    n_rounds: 64,
    large_a: [2, 13, 22],
    large_e: [6, 11, 25],
    small_0: [7, 18, 3],
    small_1: [17, 19, 10],
};

const WIDE: Words = Words {
    n_bits: 64,
    n_rounds: 80,
    large_a: [28, 34, 39],
    large_e: [14, 18, 41],
    small_0: [1, 8, 7],
    small_1: [19, 61, 6],
};

impl Words {
    fn cut(&self, word: u64) -> u64 {
        word << (64 - self.n_bits) >> (64 - self.n_bits)
    }

    fn turn(&self, word: u64, n_bits: u32) -> u64 {
        self.cut(word >> n_bits | word << (self.n_bits - n_bits))
    }

    fn large(&self, word: u64, [a, b, c]: [u32; 3]) -> u64 {
        self.turn(word, a) ^ self.turn(word, b) ^ self.turn(word, c)
    }

    fn small(&self, word: u64, [a, b, shift]: [u32; 3]) -> u64 {
        self.turn(word, a) ^ self.turn(word, b) ^ word >> shift
    }
}

fn shifted(words: [u64; 8], n_bits: u32) -> [u64; 8] {
    words.map(|it| it >> n_bits)
}

fn sha2(data: &[u8], kind: &Words, mut state: [u64; 8], n_words: usize) -> String {
    let sum = |words: &[u64]| kind.cut(words.iter().fold(0, |sum, it| sum.wrapping_add(*it)));
    for mut words in blocks(data, kind.n_bits as usize / 8, big_end(data)) {
        let [mut a, mut b, mut c, mut d, mut e, mut f, mut g, mut h] = state;
        for constant in K.iter().take(kind.n_rounds) {
            let constant = constant >> (64 - kind.n_bits);
            let first = sum(&[h, kind.large(e, kind.large_e), e & f ^ !e & g, constant, words[0]]);
            let second = sum(&[kind.large(a, kind.large_a), a & b ^ a & c ^ b & c]);
            (h, g, f, e) = (g, f, e, sum(&[d, first]));
            (d, c, b, a) = (c, b, a, sum(&[first, second]));
            let (low, high) = (kind.small(words[1], kind.small_0), kind.small(words[14], kind.small_1));
            words[0] = sum(&[high, words[9], low, words[0]]);
            words.rotate_left(1);
        }
        for (word, add) in state.iter_mut().zip([a, b, c, d, e, f, g, h]) {
            *word = sum(&[*word, add]);
        }
    }
    hex(state.into_iter().take(n_words), kind.n_bits as usize / 4)
}

/// The sines of 1 to 64 (radians), their first 32 bits.
const SINES: [u32; 64] = [
    0xD76A_A478,
    0xE8C7_B756,
    0x2420_70DB,
    0xC1BD_CEEE,
    0xF57C_0FAF,
    0x4787_C62A,
    0xA830_4613,
    0xFD46_9501,
    0x6980_98D8,
    0x8B44_F7AF,
    0xFFFF_5BB1,
    0x895C_D7BE,
    0x6B90_1122,
    0xFD98_7193,
    0xA679_438E,
    0x49B4_0821,
    0xF61E_2562,
    0xC040_B340,
    0x265E_5A51,
    0xE9B6_C7AA,
    0xD62F_105D,
    0x0244_1453,
    0xD8A1_E681,
    0xE7D3_FBC8,
    0x21E1_CDE6,
    0xC337_07D6,
    0xF4D5_0D87,
    0x455A_14ED,
    0xA9E3_E905,
    0xFCEF_A3F8,
    0x676F_02D9,
    0x8D2A_4C8A,
    0xFFFA_3942,
    0x8771_F681,
    0x6D9D_6122,
    0xFDE5_380C,
    0xA4BE_EA44,
    0x4BDE_CFA9,
    0xF6BB_4B60,
    0xBEBF_BC70,
    0x289B_7EC6,
    0xEAA1_27FA,
    0xD4EF_3085,
    0x0488_1D05,
    0xD9D4_D039,
    0xE6DB_99E5,
    0x1FA2_7CF8,
    0xC4AC_5665,
    0xF429_2244,
    0x432A_FF97,
    0xAB94_23A7,
    0xFC93_A039,
    0x655B_59C3,
    0x8F0C_CC92,
    0xFFEF_F47D,
    0x8584_5DD1,
    0x6FA8_7E4F,
    0xFE2C_E6E0,
    0xA301_4314,
    0x4E08_11A1,
    0xF753_7E82,
    0xBD3A_F235,
    0x2AD7_D2BB,
    0xEB86_D391,
];

/// The square roots of the first eight primes, 64 bits after the point.
const H: [u64; 8] = [
    0x6A09_E667_F3BC_C908,
    0xBB67_AE85_84CA_A73B,
    0x3C6E_F372_FE94_F82B,
    0xA54F_F53A_5F1D_36F1,
    0x510E_527F_ADE6_82D1,
    0x9B05_688C_2B3E_6C1F,
    0x1F83_D9AB_FB41_BD6B,
    0x5BE0_CD19_137E_2179,
];

/// Those of the next eight.
const H384: [u64; 8] = [
    0xCBBB_9D5D_C105_9ED8,
    0x629A_292A_367C_D507,
    0x9159_015A_3070_DD17,
    0x152F_ECD8_F70E_5939,
    0x6733_2667_FFC0_0B31,
    0x8EB4_4A87_6858_1511,
    0xDB0C_2E0D_64F9_8FA7,
    0x47B5_481D_BEFA_4FA4,
];

/// The cube roots of the first eighty primes.
const K: [u64; 80] = [
    0x428A_2F98_D728_AE22,
    0x7137_4491_23EF_65CD,
    0xB5C0_FBCF_EC4D_3B2F,
    0xE9B5_DBA5_8189_DBBC,
    0x3956_C25B_F348_B538,
    0x59F1_11F1_B605_D019,
    0x923F_82A4_AF19_4F9B,
    0xAB1C_5ED5_DA6D_8118,
    0xD807_AA98_A303_0242,
    0x1283_5B01_4570_6FBE,
    0x2431_85BE_4EE4_B28C,
    0x550C_7DC3_D5FF_B4E2,
    0x72BE_5D74_F27B_896F,
    0x80DE_B1FE_3B16_96B1,
    0x9BDC_06A7_25C7_1235,
    0xC19B_F174_CF69_2694,
    0xE49B_69C1_9EF1_4AD2,
    0xEFBE_4786_384F_25E3,
    0x0FC1_9DC6_8B8C_D5B5,
    0x240C_A1CC_77AC_9C65,
    0x2DE9_2C6F_592B_0275,
    0x4A74_84AA_6EA6_E483,
    0x5CB0_A9DC_BD41_FBD4,
    0x76F9_88DA_8311_53B5,
    0x983E_5152_EE66_DFAB,
    0xA831_C66D_2DB4_3210,
    0xB003_27C8_98FB_213F,
    0xBF59_7FC7_BEEF_0EE4,
    0xC6E0_0BF3_3DA8_8FC2,
    0xD5A7_9147_930A_A725,
    0x06CA_6351_E003_826F,
    0x1429_2967_0A0E_6E70,
    0x27B7_0A85_46D2_2FFC,
    0x2E1B_2138_5C26_C926,
    0x4D2C_6DFC_5AC4_2AED,
    0x5338_0D13_9D95_B3DF,
    0x650A_7354_8BAF_63DE,
    0x766A_0ABB_3C77_B2A8,
    0x81C2_C92E_47ED_AEE6,
    0x9272_2C85_1482_353B,
    0xA2BF_E8A1_4CF1_0364,
    0xA81A_664B_BC42_3001,
    0xC24B_8B70_D0F8_9791,
    0xC76C_51A3_0654_BE30,
    0xD192_E819_D6EF_5218,
    0xD699_0624_5565_A910,
    0xF40E_3585_5771_202A,
    0x106A_A070_32BB_D1B8,
    0x19A4_C116_B8D2_D0C8,
    0x1E37_6C08_5141_AB53,
    0x2748_774C_DF8E_EB99,
    0x34B0_BCB5_E19B_48A8,
    0x391C_0CB3_C5C9_5A63,
    0x4ED8_AA4A_E341_8ACB,
    0x5B9C_CA4F_7763_E373,
    0x682E_6FF3_D6B2_B8A3,
    0x748F_82EE_5DEF_B2FC,
    0x78A5_636F_4317_2F60,
    0x84C8_7814_A1F0_AB72,
    0x8CC7_0208_1A64_39EC,
    0x90BE_FFFA_2363_1E28,
    0xA450_6CEB_DE82_BDE9,
    0xBEF9_A3F7_B2C6_7915,
    0xC671_78F2_E372_532B,
    0xCA27_3ECE_EA26_619C,
    0xD186_B8C7_21C0_C207,
    0xEADA_7DD6_CDE0_EB1E,
    0xF57D_4F7F_EE6E_D178,
    0x06F0_67AA_7217_6FBA,
    0x0A63_7DC5_A2C8_98A6,
    0x113F_9804_BEF9_0DAE,
    0x1B71_0B35_131C_471B,
    0x28DB_77F5_2304_7D84,
    0x32CA_AB7B_40C7_2493,
    0x3C9E_BE0A_15C9_BEBC,
    0x431D_67C4_9C10_0D4C,
    0x4CC5_D4BE_CB3E_42B6,
    0x597F_299C_FC65_7E2A,
    0x5FCB_6FAB_3AD6_FAEC,
    0x6C44_198C_4A47_5817,
];

#[cfg(test)]
mod tests {
    use super::*;

    fn check(algorithm: &str, data: &str, expected: &str) {
        assert_eq!(hash(algorithm, data.as_bytes()).as_deref(), Some(expected), "{algorithm} of {data:?}");
    }

    #[test]
    fn published_examples() {
        check("MD5", "", "d41d8cd98f00b204e9800998ecf8427e");
        check("MD5", "message digest", "f96b697d7cb7938d525a2f31aaf161d0");
        check("SHA-1", "abc", "a9993e364706816aba3e25717850c26c9cd0d89d");
        check("SHA-256", "abc", "ba7816bf8f01cfea414140de5dae2223b00361a396177a9cb410ff61f20015ad");
        let expected = "cb00753f45a35e8bb5a03d699ac65007272c32ab0eded1631a8b605a43ff5bed8086072ba1e7cc2358baeca134c825a7";
        check("SHA-384", "abc", expected);
        let expected = "ddaf35a193617abacc417349ae20413112e6fa4e89a97ea20a9eeee64b55d39a2192992a274fc1a836ba3c23a3feebbd454d4423643ce80e2a9ac94fa54ca49f";
        check("SHA-512", "abc", expected);
        assert_eq!(hash("SHA-3", b""), None);
    }

    #[test]
    fn every_length_is_padded_well() {
        // The hash of the hashes of texts of 0 to 299 times `x`.
        for (algorithm, expected) in [
            ("MD5", "c8cf0aebceae3562833d06d2c1f26d10"),
            ("SHA-1", "20b65449d6feb86d831c37a710bda831f830c9de"),
            ("SHA-256", "3d495ac8356e73941898cd69a28db2416d82a39572f771b3306e99afe7e013e0"),
            (
                "SHA-384",
                "32acefadb93cf147570a871164758c9bc1202015a79fb6fc0de412555431cbc8359793e94d8e28affcd100989eb2e703",
            ),
            (
                "SHA-512",
                "ce94d044837edd9352cd4e562ee50d7eadf3b427859f2a3c7785bd8336963a272214fcf15bf3b3d26f0fcd58166403baf87a167bd807a2c07178be4a8a3ef7c9",
            ),
        ] {
            let all: String = (0..300).filter_map(|it| hash(algorithm, "x".repeat(it).as_bytes())).collect();
            check(algorithm, &all, expected);
        }
    }
}
