//! Value stability: the bits of quantiles, pinned. A change here changes every committed result.
//!
//! These values guard against change, not against error; the other tests do that.

mod distribution_support;

use distribution_support::families;
use golive::distribution::{binomial_quantile, poisson_quantile};

/// Arguments at which every family is pinned.
const AT: [f64; 5] = [1e-9, 0.03, 0.5, 0.8, 0.999_999];

/// Name, then the bits of the quantile at each of `AT` and of the quantile at Φ(1.25).
#[rustfmt::skip]
const PINNED: &[(&str, [u64; 6])] = &[
    ("uniform", [0xbfff_ffff_fe1e_f6b3, 0xbffc_a3d7_0a3d_70a4, 0x3ff8_0000_0000_0000, 0x400c_cccc_cccc_ccce, 0x4013_fffe_2a3c_ea6c, 0x4011_0ab3_d1f3_96c9]),
    ("triangular", [0x3ff0_008c_ae65_4817, 0x3ffb_c1ee_d8d2_471c, 0x4011_8cd0_72f1_d089, 0x4019_cd29_1bda_8b7f, 0x4023_fbef_a5f3_df6f, 0x401d_ae2c_10f2_f81e]),
    ("triangular, mode at min", [0x3e01_2e0c_0000_0000, 0x3f8e_f434_3eaa_3f00, 0x3fd2_bec3_3301_8866, 0x3fe1_b06d_1d20_0914, 0x3fef_f7ce_d916_86aa, 0x3fe5_9949_acdc_06c8]),
    ("triangular, mode at max", [0x3f00_9456_549b_e1bd, 0x3fc6_2b95_86ad_0a22, 0x3fe6_a09e_667f_3bcd, 0x3fec_9f25_c5bf_edd9, 0x3fef_fffe_f390_818f, 0x3fee_432e_9255_6640]),
    ("PERT", [0x3ff0_0031_0068_cd24, 0x3ff7_2c9b_a06b_da65, 0x400d_1bb7_1287_aada, 0x4014_da91_9050_6080, 0x4023_9002_b899_b228, 0x4018_041d_31ac_7a84]),
    ("PERT, symmetric", [0xbfef_f864_b978_3306, 0xbfe5_f8a2_a4f6_9db6, 0xbca9_0000_0000_0000, 0x3fd6_3209_ed03_da4a, 0x3fef_b3c6_59f8_4864, 0x3fdf_be0c_4779_940b]),
    ("PERT, mode at min", [0x3e31_2e0b_e844_5a66, 0x3fbf_186d_526e_0232, 0x4004_b63f_b9b4_9a6c, 0x4016_0483_3267_df9f, 0x4032_bcf3_28b0_8abe, 0x401c_f72c_4374_0a87]),
    ("PERT, sharp", [0x4014_9ed5_1493_aa41, 0x4016_952a_2093_ddc5, 0x4018_1652_50f8_6ff1, 0x4018_dd1e_2edb_f25c, 0x401c_dc9e_5d02_a02e, 0x4019_4232_0c2a_aeef]),
    ("beta", [0x4024_0051_8608_d6d2, 0x4026_2810_8d80_3f0c, 0x402a_a03b_eca4_4440, 0x402b_aa4c_ec2d_be08, 0x402b_ffff_ffda_c72b, 0x402b_de3a_f76b_1249]),
    ("beta, arcsine", [0x3c46_c1fc_72e0_202c, 0x3f62_2d9e_0e36_51e7, 0x3fe0_0000_0000_0002, 0x3fec_f1bb_cdcb_fa55, 0x3fef_ffff_ffff_a930, 0x3fef_2072_feb0_23e8]),
    ("beta, tiny shape", [0x0190_0044_0c07_78cf, 0x354e_e200_4bf0_2724, 0x3dc2_f6c6_6e05_cd6a, 0x3f2c_cc45_4df2_623d, 0x3fef_be43_e622_a92e, 0x3f82_a84c_9a81_bc63]),
    ("beta, large shapes", [0x3feb_2feb_2aad_3750, 0x3feb_ce14_860d_f515, 0x3fec_1253_8985_c604, 0x3fec_3009_e76e_aaaa, 0x3fec_b35c_f6a4_4851, 0x3fec_3e45_53d4_4d59]),
    ("beta posterior", [0x3bf2_eb51_c8e9_f700, 0x3f0e_428b_48b7_b8df, 0x3f92_d5a5_fa0f_a67f, 0x3fb0_97e9_9b1f_85db, 0x3fe3_ed98_d70d_8914, 0x3fb9_efa3_66fa_4aa4]),
    ("normal", [0xc021_fdc1_1f44_b5a7, 0xbfe8_5eec_2762_5244, 0x4008_0000_0000_0000, 0x4012_bba3_e9ce_851b, 0x4029_0381_a979_85f1, 0x4016_0000_0000_0000]),
    ("truncated normal", [0x3e47_6e3b_e000_0000, 0x3fd2_cc0b_387c_96b8, 0x4004_c5fc_8f85_e394, 0x400d_65a2_6c92_414a, 0x4011_fffe_c515_0db6, 0x4010_2a76_e7ab_de4c]),
    ("truncated normal, tail", [0x4018_0000_0002_ca23, 0x4018_0510_0767_2606, 0x4018_723e_1c8f_75b2, 0x4019_0648_43e9_1b40, 0x401f_c5a6_f773_1283, 0x4019_6b7d_997e_78c8]),
    ("truncated normal, low tail", [0xc021_ff5d_b9a8_c70f, 0xc01d_e720_249c_96b9, 0xc01c_62c9_b982_6070, 0xc01c_1ff1_f37e_0cf8, 0xc01c_0000_0966_f8f5, 0xc01c_1000_81b2_1f90]),
    ("lognormal", [0x3fc0_1488_df6b_a51f, 0x3ff6_834e_aec9_4e7a, 0x4010_f876_ccdf_6cd9, 0x401b_cf1a_3d75_f6aa, 0x4051_421d_42a7_4d86, 0x4021_ab77_b4a9_2940]),
    ("exponential", [0x3e31_2e0b_e84b_bb51, 0x3fbf_30b2_d009_1d8a, 0x4006_2e42_fefa_39ef, 0x4019_c041_f7ed_8d34, 0x404b_a18a_998f_c064, 0x4021_fb23_2bca_4865]),
    ("Weibull", [0x3f0f_f643_8e52_9af0, 0x3ff8_9fec_8166_7a26, 0x4023_5870_5b11_74e2, 0x402f_c0c2_77b9_df0d, 0x404c_1db9_cd77_dacc, 0x4033_52b9_5309_d238]),
    ("Weibull, small shape", [0x3ce2_03af_9f27_cff1, 0x3f78_5616_bf8a_96fe, 0x3ff1_5f53_aa5b_364e, 0x4011_aec1_4d41_4e9e, 0x4063_e2dd_50d3_de31, 0x401e_da5a_9eb0_8ddd]),
    ("gamma", [0x3f53_f67b_eb76_c4a7, 0x3ff5_ac60_414e_5633, 0x401a_1bd7_c53f_9b75, 0x4025_de2a_002e_69a1, 0x404a_ea88_2958_7f4e, 0x402b_42b3_42ea_8f3d]),
    ("gamma, small shape", [0x3c2c_f9e0_3ca0_1dc1, 0x3f47_2c5a_8157_fbc9, 0x3fcd_1dad_a8c3_b2be, 0x3fea_472a_650d_b08f, 0x4027_ed99_bac4_3b90, 0x3ff4_f1e7_1a17_184b]),
    ("gamma, large shape", [0x403a_d49e_aed3_4fc3, 0x403c_fa74_56e6_6443, 0x403d_ff25_8d0d_2d63, 0x403e_75c0_fa93_e698, 0x4040_5684_3ace_e9ce, 0x403e_afbe_0d60_1ff2]),
    ("gamma posterior", [0x3f0f_8ac9_8ba7_328a, 0x3f84_7f9d_23c9_a15c, 0x3fa2_0ce0_f220_4ce3, 0x3fab_e282_3bf4_c378, 0x3fcc_d0c6_3591_75ee, 0x3fb0_d9ef_5c9f_f2b5]),
    ("empirical", [0x3ff0_0000_0203_6565, 0x3ff3_9999_9999_999a, 0x400c_0000_0000_0000, 0x4023_0000_0000_0000, 0x4027_fffe_5c91_d14e, 0x4025_5bd7_692b_c6a1]),
    ("constant", [0x401e_0000_0000_0000, 0x401e_0000_0000_0000, 0x401e_0000_0000_0000, 0x401e_0000_0000_0000, 0x401e_0000_0000_0000, 0x401e_0000_0000_0000]),
    ("discrete", [0x3ff0_0000_0000_0000, 0x3ff0_0000_0000_0000, 0x4000_0000_0000_0000, 0x4000_0000_0000_0000, 0x4014_0000_0000_0000, 0x4014_0000_0000_0000]),
    ("binomial", [0x0000_0000_0000_0000, 0x4000_0000_0000_0000, 0x4018_0000_0000_0000, 0x4020_0000_0000_0000, 0x4030_0000_0000_0000, 0x4022_0000_0000_0000]),
    ("binomial, many trials", [0x0000_0000_0000_0000, 0x4014_0000_0000_0000, 0x4024_0000_0000_0000, 0x402a_0000_0000_0000, 0x403c_0000_0000_0000, 0x402c_0000_0000_0000]),
    ("Poisson", [0x0000_0000_0000_0000, 0x3ff0_0000_0000_0000, 0x4010_0000_0000_0000, 0x4014_0000_0000_0000, 0x4030_0000_0000_0000, 0x4018_0000_0000_0000]),
    ("Poisson, large mean", [0x4090_1800_0000_0000, 0x4092_4400_0000_0000, 0x4093_4800_0000_0000, 0x4093_c000_0000_0000, 0x4095_f400_0000_0000, 0x4093_fc00_0000_0000]),
];

fn bits() -> Vec<(&'static str, [u64; 6])> {
    let bits_of = |d: &golive::distribution::Distribution| {
        std::array::from_fn(|i| if i < 5 { d.quantile(AT[i]) } else { d.quantile_at_normal(1.25) }.to_bits())
    };
    families::all().iter().map(|(name, d)| (*name, bits_of(d))).collect()
}

#[test]
fn quantiles_keep_their_bits() {
    let found = bits();
    let listing: Vec<String> = found.iter().map(|(name, bits)| format!("    ({name:?}, {bits:#018x?}),")).collect();
    println!("{}", listing.join("\n"));
    assert_eq!(found.len(), PINNED.len(), "a family is not pinned");
    for (found, pinned) in found.iter().zip(PINNED) {
        assert_eq!(found, pinned);
    }
}

#[test]
fn count_quantiles_keep_their_values() {
    let poisson: Vec<u32> = AT.iter().flat_map(|&u| [0.02, 1.5, 15.0, 400.0].map(|m| poisson_quantile(u, m))).collect();
    assert_eq!(poisson, POISSON);
    let binomial: Vec<u32> =
        AT.iter().flat_map(|&u| [0.002, 0.1, 0.95].map(|p| binomial_quantile(u, 120, p))).collect();
    assert_eq!(binomial, BINOMIAL);
}

const POISSON: &[u32] = &[0, 0, 0, 286, 0, 0, 8, 363, 0, 1, 15, 400, 0, 2, 18, 417, 3, 10, 37, 499];
const BINOMIAL: &[u32] = &[0, 0, 95, 0, 6, 109, 0, 12, 114, 1, 15, 116, 5, 30, 120];
