//! Correlation matrices: Cholesky factors, and the nearest correlation matrix to one that is none.
//!
//! Sources: Golub & Van Loan, *Matrix Computations*, 4th ed., §4.2 (Cholesky) and §8.5 (Jacobi
//! eigenvalues); N. J. Higham (2002), "Computing the nearest correlation matrix: a problem from
//! finance", IMA J. Numer. Anal. 22:329–343 (alternating projections with Dykstra's correction).

/// Lower factor L with L·Lᵀ = matrix, row by row; `None` when the matrix is not positive
/// semi-definite. Row i has i + 1 entries.
pub fn cholesky(matrix: &[Vec<f64>]) -> Option<Vec<Vec<f64>>> {
    const TOLERANCE: f64 = 1e-10;
    // What rounding leaves of a variance that is 0: its root would be a noise of 10⁻⁸.
    const ROUNDING: f64 = 1e-13;
    let n = matrix.len();
    let mut factor: Vec<Vec<f64>> = Vec::with_capacity(n);
    for (i, given) in matrix.iter().enumerate().take(n) {
        let mut row = vec![0.0; i + 1];
        for j in 0..=i {
            let shared: f64 = (0..j).map(|k| row[k] * if j == i { row[k] } else { factor[j][k] }).sum();
            let rest = given[j] - shared;
            if j == i {
                if rest < -TOLERANCE {
                    return None;
                }
                row[j] = if rest <= ROUNDING { 0.0 } else { rest.sqrt() };
            } else if factor[j][j] > TOLERANCE.sqrt() {
                row[j] = rest / factor[j][j];
            } else if rest.abs() > TOLERANCE.sqrt() {
                return None;
            }
        }
        factor.push(row);
    }
    Some(factor)
}

/// The nearest correlation matrix in the Frobenius norm.
pub fn nearest_correlation(matrix: &[Vec<f64>]) -> Vec<Vec<f64>> {
    let n = matrix.len();
    let mut y = matrix.to_vec();
    let mut correction = vec![vec![0.0; n]; n];
    for _ in 0..2000 {
        let r: Vec<Vec<f64>> = (0..n).map(|i| (0..n).map(|j| y[i][j] - correction[i][j]).collect()).collect();
        let x = positive_part(&r);
        let mut moved: f64 = 0.0;
        for i in 0..n {
            for j in 0..n {
                correction[i][j] = x[i][j] - r[i][j];
                let next = if i == j { 1.0 } else { x[i][j] };
                moved = moved.max((next - y[i][j]).abs());
                y[i][j] = next;
            }
        }
        if moved < 1e-13 {
            break;
        }
    }
    // The limit is approached from outside: shrink towards the identity by what is left.
    let smallest = jacobi(&y).0.into_iter().fold(f64::INFINITY, f64::min);
    if smallest < 0.0 {
        let shrink = 1.0 / (1.0 - smallest);
        for (i, row) in y.iter_mut().enumerate() {
            for (j, entry) in row.iter_mut().enumerate() {
                if i != j {
                    *entry *= shrink;
                }
            }
        }
    }
    y
}

/// The nearest positive semi-definite matrix: negative eigenvalues set to 0.
fn positive_part(matrix: &[Vec<f64>]) -> Vec<Vec<f64>> {
    let n = matrix.len();
    let (values, vectors) = jacobi(matrix);
    (0..n)
        .map(|i| (0..n).map(|j| (0..n).map(|k| vectors[i][k] * values[k].max(0.0) * vectors[j][k]).sum()).collect())
        .collect()
}

/// Eigenvalues and eigenvectors (columns) of a symmetric matrix by cyclic Jacobi rotations.
fn jacobi(matrix: &[Vec<f64>]) -> (Vec<f64>, Vec<Vec<f64>>) {
    let n = matrix.len();
    let mut a = matrix.to_vec();
    let mut v: Vec<Vec<f64>> = (0..n).map(|i| (0..n).map(|j| f64::from(u8::from(i == j))).collect()).collect();
    for _ in 0..100 {
        let off: f64 = (0..n).flat_map(|i| (0..i).map(move |j| (i, j))).map(|(i, j)| a[i][j] * a[i][j]).sum();
        if off < 1e-30 {
            break;
        }
        for p in 0..n {
            for q in p + 1..n {
                if a[p][q] == 0.0 {
                    continue;
                }
                let theta = (a[q][q] - a[p][p]) / (2.0 * a[p][q]);
                let t = theta.signum() / (theta.abs() + (theta * theta + 1.0).sqrt());
                let c = 1.0 / (t * t + 1.0).sqrt();
                let s = t * c;
                for row in &mut a {
                    let (x, y) = (row[p], row[q]);
                    row[p] = c * x - s * y;
                    row[q] = s * x + c * y;
                }
                for k in 0..n {
                    let (x, y) = (a[p][k], a[q][k]);
                    a[p][k] = c * x - s * y;
                    a[q][k] = s * x + c * y;
                    let (x, y) = (v[k][p], v[k][q]);
                    v[k][p] = c * x - s * y;
                    v[k][q] = s * x + c * y;
                }
            }
        }
    }
    ((0..n).map(|i| a[i][i]).collect(), v)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn higham_example() {
        // Higham (2002), §4: the nearest correlation matrix to this one, to four places.
        let m = vec![vec![1.0, 1.0, 0.0], vec![1.0, 1.0, 1.0], vec![0.0, 1.0, 1.0]];
        assert!(cholesky(&m).is_none());
        let r = nearest_correlation(&m);
        assert!((r[0][1] - 0.7607).abs() < 5e-5, "{r:?}");
        assert!((r[0][2] - 0.1573).abs() < 5e-5, "{r:?}");
        assert!(cholesky(&r).is_some());
    }

    #[test]
    fn a_correlation_matrix_is_its_own_nearest() {
        let m = vec![vec![1.0, 0.5, 0.2], vec![0.5, 1.0, -0.3], vec![0.2, -0.3, 1.0]];
        let r = nearest_correlation(&m);
        let l = cholesky(&r).expect("positive definite");
        for i in 0..3 {
            for j in 0..3 {
                assert!((r[i][j] - m[i][j]).abs() < 1e-12);
                let product: f64 = (0..=i.min(j)).map(|k| l[i][k] * l[j][k]).sum();
                assert!((product - m[i][j]).abs() < 1e-12);
            }
        }
    }

    #[test]
    fn perfect_correlation_has_a_factor() {
        let m = vec![vec![1.0, 1.0], vec![1.0, 1.0]];
        assert_eq!(cholesky(&m), Some(vec![vec![1.0], vec![1.0, 0.0]]));
    }
}
