use golive::scenario::file::ScenarioFile;
fn plain(v: toml::Value) -> serde_json::Value {
    match v {
        toml::Value::Datetime(d) => serde_json::Value::String(d.to_string()),
        toml::Value::Table(t) => {
            serde_json::Value::Object(t.into_iter().map(|(k, v)| (k, plain(v))).collect())
        }
        toml::Value::Array(a) => serde_json::Value::Array(a.into_iter().map(plain).collect()),
        toml::Value::String(s) => s.into(),
        toml::Value::Integer(i) => i.into(),
        toml::Value::Float(f) => f.into(),
        toml::Value::Boolean(b) => b.into(),
    }
}
fn set(v: &mut serde_json::Value, path: &[&str], new: serde_json::Value) {
    let mut v = v;
    for p in &path[..path.len() - 1] {
        v = if v.is_array() {
            &mut v[p.parse::<usize>().unwrap()]
        } else {
            &mut v[*p]
        };
    }
    let k = path[path.len() - 1];
    if k == "times*" {
        let old = v.clone();
        if old.is_number() {
            *v = serde_json::json!({"value": old, "times": new})
        } else {
            v["times"] = new
        }
    } else {
        v[k] = new;
    }
}
fn main() {
    let a: Vec<String> = std::env::args().collect();
    let path = std::path::Path::new(&a[1]);
    let mut root: toml::Table = std::fs::read_to_string(path).unwrap().parse().unwrap();
    if let Some(inc) = root.get("include").cloned() {
        for f in inc.as_array().unwrap() {
            let t: toml::Table =
                std::fs::read_to_string(path.parent().unwrap().join(f.as_str().unwrap()))
                    .unwrap()
                    .parse()
                    .unwrap();
            root.extend(t);
        }
    }
    let mut json = plain(toml::Value::Table(root));
    let plan = a[2].clone();
    let apply = |json: &mut serde_json::Value, from: serde_json::Value| {
        if let Some(s) = from.get("set").and_then(|s| s.as_object()) {
            for (k, v) in s {
                let p: Vec<&str> = k.split('.').collect();
                set(json, &p, v.clone());
            }
        }
        if let Some(s) = from.get("scale").and_then(|s| s.as_object()) {
            for (k, v) in s {
                let mut p: Vec<&str> = k.split('.').collect();
                p.push("times*");
                set(json, &p, v.clone());
            }
        }
    };
    let pl = json["plans"][&plan].clone();
    if let Some(r) = pl.get("responses").and_then(|r| r.as_array()) {
        for r in r {
            let x = json["responses"][r.as_str().unwrap()].clone();
            apply(&mut json, x);
        }
    }
    apply(&mut json, pl);
    let file: ScenarioFile = serde_json::from_value(json).unwrap();
    let t = std::time::Instant::now();
    match golive::scenario::resolve(&file, &plan, path.parent().unwrap()) {
        Err(d) => {
            for x in d.iter() {
                println!(
                    "{:?} {} {:?} {:?} {:?}",
                    x.severity, x.message, x.path, x.allowed, x.hint
                );
            }
        }
        Ok((register, w)) => {
            println!("{} warnings, resolve {:?}", w.len(), t.elapsed());
            for x in w.iter().take(5) {
                println!("  {} {:?}", x.message, x.path);
            }
            let t = std::time::Instant::now();
            let p = golive::program::Program::lower(register, 1);
            println!("lower {:?}", t.elapsed());
            let t = std::time::Instant::now();
            let mut o = golive::simulate::Options::iterations(a[3].parse().unwrap());
            o.threads = a.get(4).map(|t| t.parse().unwrap());
            if let Some(b) = a.get(5) {
                o.block = b.parse().unwrap();
            }
            let tally = golive::simulate::simulate(&p, o, &|_| {}).unwrap();
            println!("simulate {:?}", t.elapsed());
            let o = golive::analysis::outlook(&[(&p, &tally)]);
            for r in &o.plans[0].releases {
                println!(
                    "{} {:.4} {:.4} nolive {:.5} nogo {:.4} bo {:.4} consent {:?} p10 {:?} p50 {:?} p80 {:?} p90 {:?} p95 {:?} delay {:?}",
                    r.id,
                    r.p_live_on_target.estimate,
                    r.p_live_on_target_and_stays.estimate,
                    r.p_not_live_by_horizon.estimate,
                    r.p_no_go.estimate,
                    r.p_backed_out.estimate,
                    r.p_consent_needed.map(|c| c.estimate),
                    r.go_live.p10.date,
                    r.go_live.p50.date,
                    r.go_live.p80.date,
                    r.go_live.p90.date,
                    r.go_live.p95.date,
                    r.delay_if_missed
                        .map(|d| (d.p50.days, d.p80.days, d.p95.days))
                );
            }
            if let Some(i) = &o.plans[0].incidents {
                println!(
                    "extra {:?} serious {:.4} bg {:?} days {:?} {:?}",
                    i.extra
                        .iter()
                        .map(|(k, m)| (k.clone(), m.mean.estimate))
                        .collect::<Vec<_>>(),
                    i.p_extra_category_1_or_2.estimate,
                    i.background
                        .iter()
                        .map(|(k, m)| (k.clone(), m.mean.estimate))
                        .collect::<Vec<_>>(),
                    i.days_in_incidents.map(|m| m.mean.estimate),
                    i.days_in_extra_incidents.map(|m| m.mean.estimate)
                );
            }
            for s in &o.plans[0].scope {
                print!("{} {:.3}; ", s.id, s.p_ships.estimate);
            }
            for (k, m) in &o.plans[0].measures {
                println!(
                    "{k} mean {:?} sd {:.4} p10 {:?} p50 {:?} p80 {:?} p90 {:?} by {:?} res {}",
                    m.mean,
                    m.standard_deviation,
                    m.p10.days,
                    m.p50.days,
                    m.p80.days,
                    m.p90.days,
                    m.p_by_target,
                    m.resolution_days
                );
            }
            println!("{:?}", o.basis);
        }
    }
}
