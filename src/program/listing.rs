//! A readable listing of a program: what is drawn when, and what it acts on.

use std::fmt;

use super::{Number, Program};

impl fmt::Display for Program {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let register = &self.register;
        writeln!(f, "program {} plan {} seed {}", register.scenario, register.plan, self.seed)?;
        for (i, number) in self.numbers.iter().enumerate() {
            match number {
                Number::Draw { distribution, latent, chance, .. } => {
                    let kind = if *chance { "chance" } else { "knowledge" };
                    write!(f, "  n{i} = draw {kind} {distribution:?}")?;
                    match latent {
                        Some(latent) => writeln!(f, " at latent {latent}")?,
                        None => writeln!(f)?,
                    }
                }
                other => writeln!(f, "  n{i} = {other:?}")?,
            }
        }
        for (what, risks) in [
            ("once", &self.once),
            ("gate", &self.at_gate),
            ("deployment", &self.at_deployment),
            ("go-live", &self.at_go_live),
        ] {
            for risk in risks {
                let about = &register.risks[*risk];
                let event = &self.events[*risk];
                write!(f, "  {what} {} p n{} → t{}", about.id, event.probability, event.trigger)?;
                for (modifier, factor, _) in &event.odds {
                    write!(f, ", odds × n{factor} when {}", register.risks[*modifier].id)?;
                }
                writeln!(f)?;
            }
        }
        for a in &self.order {
            writeln!(
                f,
                "  activity {} after {:?}",
                register.activities[*a].id,
                register.activities[*a].after.iter().map(|l| &register.activities[l.activity].id).collect::<Vec<_>>()
            )?;
        }
        Ok(())
    }
}
