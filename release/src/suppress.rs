//! Disclosure control: which figures may be published. The only maker of [`Suppressed`].
//!
//! In: exact counts of atoms, and the figures (sums of atoms) that a release would show. Out: each figure
//! with whether it may be seen. Raw devices decide, before any weight.
//!
//! 1. A figure of fewer than `k` devices is hidden.
//! 2. A figure that would give a small one back is hidden too. "Small ones" are the hidden figures and the
//!    differences between nested figures (visitors minus repeat visitors is how many came once). Figures are
//!    vectors over atoms; from the most important on, a figure is published unless a small one then lies in the
//!    linear span of what is published (Gaussian elimination modulo a prime, after Langsrud, GaussSuppression,
//!    2024). Solving over a field can only find more than subtraction by hand can.
//! 3. Where figures are parts of a published total, the hidden parts together must be none or at least `k`
//!    devices: else the smallest published part is hidden as well, because total minus published parts is that
//!    sum.
//!
//! A hidden figure carries no reason: saying which are small would tell that the others are not.

/// A figure of a release before disclosure control.
#[derive(Debug, Clone)]
pub struct Figure<K> {
    /// What it is.
    pub key: K,
    /// Indices of its atoms, ascending.
    pub atoms: Vec<usize>,
    /// Lower ranks are published first.
    pub rank: u32,
}

/// Everything published about one area and period.
#[derive(Debug, Clone)]
pub struct Problem<K> {
    /// Devices of each atom.
    pub devices: Vec<u64>,
    /// The figures.
    pub figures: Vec<Figure<K>>,
    /// Pairs (whole, part) of figures whose difference is a figure people can compute.
    pub nested: Vec<(usize, usize)>,
    /// Totals with the figures that partition them.
    pub partitions: Vec<(usize, Vec<usize>)>,
}

/// A figure that passed disclosure control. Only [`suppress`] makes one.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Suppressed<K> {
    key: K,
    atoms: Option<Vec<usize>>,
}

impl<K> Suppressed<K> {
    /// What it is.
    pub fn key(&self) -> &K {
        &self.key
    }

    /// Its atoms; `None` when it is hidden.
    pub fn atoms(&self) -> Option<&[usize]> {
        self.atoms.as_deref()
    }
}

/// Decides what may be seen. `k` is the least number of devices of a published figure.
pub fn suppress<K>(problem: Problem<K>, k: u64) -> Vec<Suppressed<K>> {
    let published = decide(&problem, k);
    let figures = problem.figures.into_iter().zip(published);
    figures
        .map(|(figure, shown)| Suppressed { key: figure.key, atoms: shown.then_some(figure.atoms) })
        .collect()
}

fn decide<K>(problem: &Problem<K>, k: u64) -> Vec<bool> {
    let count = |atoms: &[usize]| atoms.iter().map(|atom| problem.devices[*atom]).sum::<u64>();
    let counts: Vec<u64> = problem.figures.iter().map(|figure| count(&figure.atoms)).collect();
    let small = |count: u64| count > 0 && count < k;
    let width = problem.devices.len();
    let mut secrets: Vec<Vector> = Vec::new();
    for (figure, count) in problem.figures.iter().zip(&counts) {
        if small(*count) {
            secrets.push(Vector::of(&figure.atoms, &[], width));
        }
    }
    for (whole, part) in &problem.nested {
        if counts[*whole] >= counts[*part] && small(counts[*whole] - counts[*part]) {
            secrets.push(Vector::of(&problem.figures[*whole].atoms, &problem.figures[*part].atoms, width));
        }
    }
    secrets.retain(|secret| secret.pivot().is_some());
    let mut order: Vec<usize> = (0..counts.len()).filter(|index| counts[*index] >= k).collect();
    order.sort_by_key(|index| (problem.figures[*index].rank, std::cmp::Reverse(counts[*index]), *index));
    let mut published = vec![false; counts.len()];
    let mut span = Span { basis: Vec::new(), secrets };
    for index in order {
        published[index] = span.admit(Vector::of(&problem.figures[index].atoms, &[], width));
    }
    protect_partitions(problem, &counts, k, &mut published);
    published
}

/// Rule 3, to the fixpoint: hiding a part of one total may open another.
fn protect_partitions<K>(problem: &Problem<K>, counts: &[u64], k: u64, published: &mut [bool]) {
    loop {
        let mut changed = false;
        for (total, parts) in &problem.partitions {
            if !published[*total] {
                continue;
            }
            let hidden: u64 = parts.iter().filter(|part| !published[**part]).map(|part| counts[*part]).sum();
            if hidden == 0 || hidden >= k {
                continue;
            }
            let smallest =
                parts.iter().filter(|part| published[**part]).min_by_key(|part| (counts[**part], **part));
            published[*smallest.unwrap_or(total)] = false;
            changed = true;
        }
        if !changed {
            return;
        }
    }
}

/// The prime 2^61 - 1: products fit in 128 bits, and a random coincidence has probability 4e-19.
const PRIME: u64 = (1 << 61) - 1;

#[derive(Debug, Clone, PartialEq, Eq)]
struct Vector(Vec<u64>);

impl Vector {
    fn of(plus: &[usize], minus: &[usize], width: usize) -> Self {
        let mut entries = vec![0; width];
        plus.iter().for_each(|atom| entries[*atom] = 1);
        for atom in minus {
            entries[*atom] = (entries[*atom] + PRIME - 1) % PRIME;
        }
        Self(entries)
    }

    fn pivot(&self) -> Option<usize> {
        self.0.iter().position(|entry| *entry != 0)
    }

    /// Subtracts the multiple of `other` (1 at `pivot`) that clears the entry at `pivot`.
    fn clear(&mut self, pivot: usize, other: &Self) {
        let factor = self.0[pivot];
        if factor == 0 {
            return;
        }
        for (entry, by) in self.0.iter_mut().zip(&other.0) {
            if *by != 0 {
                *entry = (*entry + PRIME - multiply(factor, *by)) % PRIME;
            }
        }
    }

    fn scale_to_one(&mut self, pivot: usize) {
        let inverse = power(self.0[pivot], PRIME - 2);
        self.0.iter_mut().for_each(|entry| *entry = multiply(*entry, inverse));
    }
}

fn multiply(a: u64, b: u64) -> u64 {
    (u128::from(a) * u128::from(b) % u128::from(PRIME)) as u64
}

fn power(base: u64, mut exponent: u64) -> u64 {
    let (mut base, mut result) = (base, 1);
    while exponent > 0 {
        if exponent & 1 == 1 {
            result = multiply(result, base);
        }
        base = multiply(base, base);
        exponent >>= 1;
    }
    result
}

/// What is published, as a basis, and the secrets reduced by it: a secret lies in the span when it becomes 0.
struct Span {
    basis: Vec<(usize, Vector)>,
    secrets: Vec<Vector>,
}

impl Span {
    /// Adds a figure unless that would give a secret away.
    fn admit(&mut self, mut figure: Vector) -> bool {
        for (pivot, vector) in &self.basis {
            figure.clear(*pivot, vector);
        }
        let Some(pivot) = figure.pivot() else { return true };
        figure.scale_to_one(pivot);
        let gives_away = |secret: &Vector| {
            let factor = secret.0[pivot];
            factor != 0 && secret.0.iter().zip(&figure.0).all(|(s, f)| *s == multiply(factor, *f))
        };
        if self.secrets.iter().any(gives_away) {
            return false;
        }
        self.secrets.iter_mut().for_each(|secret| secret.clear(pivot, &figure));
        self.basis.iter_mut().for_each(|(_, vector)| vector.clear(pivot, &figure));
        self.basis.push((pivot, figure));
        true
    }
}

#[cfg(test)]
#[path = "suppress_tests.rs"]
mod tests;
