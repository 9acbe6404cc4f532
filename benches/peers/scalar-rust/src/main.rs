// What a straightforward scalar Rust implementation gives (rand_distr ziggurat normals, libm erfc, one iteration at a time, std threads).
// usage: scalar-rust model.json n threads
use rand::{Rng, SeedableRng};
use rand_distr::{Distribution, StandardNormal};
use rand_xoshiro::Xoshiro256PlusPlus as X;
use serde_json::Value;
#[derive(Clone)]
struct T { lo: f64, hi: f64, fc: f64, s1: f64, s2: f64 }
impl T {
    fn new(v: &Value) -> T { let (lo, mo, hi) = (v["min"].as_f64().unwrap(), v["mode"].as_f64().unwrap(), v["max"].as_f64().unwrap()); T { lo, hi, fc: (mo - lo) / (hi - lo), s1: ((hi - lo) * (mo - lo)).sqrt(), s2: ((hi - lo) * (hi - mo)).sqrt() } }
    #[inline(always)] fn q(&self, u: f64) -> f64 { if u < self.fc { self.lo + self.s1 * u.sqrt() } else { self.hi - self.s2 * (1.0 - u).sqrt() } }
}
fn u01(x: u64) -> f64 { (x >> 11) as f64 * (1.0 / 9007199254740992.0) }
fn main() {
    let a: Vec<String> = std::env::args().collect();
    let m: Value = serde_json::from_str(&std::fs::read_to_string(&a[1]).unwrap()).unwrap();
    let n: usize = a[2].parse().unwrap(); let th: usize = a[3].parse().unwrap();
    let acts: Vec<(T, Vec<usize>)> = m["activities"].as_array().unwrap().iter().map(|x| (T::new(x), x["preds"].as_array().unwrap().iter().map(|p| p.as_u64().unwrap() as usize).collect())).collect();
    let mut risks: Vec<(f64, bool, T, Vec<usize>)> = m["risks"].as_array().unwrap().iter().map(|x| (x["p"].as_f64().unwrap(), x["kind"] == "mult", T::new(x), x["activities"].as_array().unwrap().iter().map(|p| p.as_u64().unwrap() as usize).collect())).collect();
    risks.sort_by_key(|r| !r.1);
    let rho = m["rho"].as_f64().unwrap(); let target = m["target"].as_f64().unwrap();
    let (sr, se) = (rho.sqrt(), (1.0 - rho).sqrt());
    let t = std::time::Instant::now();
    let mut out = vec![0.0f64; n];
    std::thread::scope(|s| for (k, c) in out.chunks_mut(n.div_ceil(th)).enumerate() {
        let (acts, risks) = (&acts, &risks);
        s.spawn(move || {
            let mut r = X::seed_from_u64(1 + k as u64); let mut d = vec![0.0f64; acts.len()];
            for o in c.iter_mut() {
                let f: f64 = StandardNormal.sample(&mut r); let f = sr * f;
                for (x, a) in d.iter_mut().zip(acts) { let e: f64 = StandardNormal.sample(&mut r); *x = a.0.q(0.5 * libm::erfc(-(f + se * e) * std::f64::consts::FRAC_1_SQRT_2)); }
                for (p, mult, t, ids) in risks { if u01(r.next_u64()) < *p { let x = t.q(u01(r.next_u64())); for &i in ids { if *mult { d[i] *= x } else { d[i] += x } } } }
                for i in 0..acts.len() { let mut es = 0.0f64; for &p in &acts[i].1 { es = es.max(d[p]); } d[i] += es; }
                *o = d[acts.len() - 1];
            }
        });
    });
    let t = t.elapsed().as_secs_f64();
    let mean = out.iter().sum::<f64>() / n as f64; let pt = out.iter().filter(|x| **x <= target).count() as f64 / n as f64;
    let mut q = |p: f64| *out.select_nth_unstable_by((p * (n - 1) as f64) as usize, f64::total_cmp).1;
    println!("{{\"name\":\"scalar-rust x{th}\",\"n\":{n},\"t_sim_s\":{t:.4},\"iters_per_s\":{:.0},\"t_1M_s\":{:.3},\"mean\":{mean:.4},\"p10\":{:.4},\"p50\":{:.4},\"p80\":{:.4},\"p90\":{:.4},\"p_target\":{pt:.5}}}", n as f64 / t, 1e6 * t / n as f64, q(0.1), q(0.5), q(0.8), q(0.9));
}
