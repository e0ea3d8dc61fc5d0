//! What brings what: the closure over implications, and the shortest way from one permission to another.
//!
//! A permission counts at *spots*: one per stage, and one more, `every`, which stands for every stage with later ones
//! and for the organization itself. A deployment's own permissions know no stages: their graph has the spot `every` only.

use crate::access::permission::ImpliedAt;
use crate::access::stage::Purpose;
use fixedbitset::FixedBitSet;
use std::collections::VecDeque;

/// The permissions that count, spot by spot.
pub(in crate::access) type Closure = Vec<FixedBitSet>;

#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
struct Edge {
    permission: usize,
    at: ImpliedAt,
}

/// Implications among permissions that are known by their index.
#[derive(Debug)]
pub(in crate::access) struct Graph {
    /// The purpose of each stage.
    purposes: Vec<Purpose>,
    implies: Vec<Vec<Edge>>,
    implied_by: Vec<Vec<Edge>>,
}

impl Graph {
    pub fn new(permissions: usize, purposes: Vec<Purpose>, implications: impl IntoIterator<Item = (usize, usize, ImpliedAt)>) -> Self {
        let (mut implies, mut implied_by) = (vec![Vec::new(); permissions], vec![Vec::new(); permissions]);
        for (from, to, at) in implications {
            implies[from].push(Edge { permission: to, at });
            implied_by[to].push(Edge { permission: from, at });
        }
        // Sorted, so that of two ways of the same length the same one is shown whatever the order of rows.
        for edges in implies.iter_mut().chain(&mut implied_by) {
            edges.sort_unstable();
            edges.dedup();
        }
        Self { purposes, implies, implied_by }
    }

    /// The spot of every stage, later ones too.
    pub fn every(&self) -> usize {
        self.purposes.len()
    }

    pub fn permissions(&self) -> usize {
        self.implies.len()
    }

    /// The spots of the stages with this purpose.
    pub fn spots_of(&self, purpose: Purpose) -> impl Iterator<Item = usize> + '_ {
        self.purposes.iter().enumerate().filter(move |(_, p)| **p == purpose).map(|(spot, _)| spot)
    }

    /// Everything that `own` (permission, spot) gives. What is not `allowed` neither counts nor brings anything.
    pub fn closure(&self, own: impl IntoIterator<Item = (usize, usize)>, allowed: Option<&FixedBitSet>) -> Closure {
        let every = self.every();
        let mut closure = vec![FixedBitSet::with_capacity(self.permissions()); every + 1];
        let mut open: Vec<(usize, usize)> = Vec::new();
        let mut visit = |permission: usize, spot: usize, open: &mut Vec<_>| {
            if allowed.is_none_or(|allowed| allowed.contains(permission)) && !closure[spot].put(permission) {
                open.push((permission, spot));
            }
        };
        for (permission, spot) in own {
            visit(permission, spot, &mut open);
        }
        while let Some((permission, spot)) = open.pop() {
            if spot == every {
                (0..every).for_each(|stage| visit(permission, stage, &mut open));
            }
            for edge in &self.implies[permission] {
                match edge.at {
                    ImpliedAt::EveryStage => visit(edge.permission, every, &mut open),
                    ImpliedAt::SameStage => visit(edge.permission, spot, &mut open),
                    // From `every` the stages of a purpose are reached through the stages themselves.
                    ImpliedAt::Purpose(purpose) if self.purposes.get(spot) == Some(&purpose) => visit(edge.permission, spot, &mut open),
                    ImpliedAt::Purpose(_) => {}
                }
            }
        }
        closure
    }

    /// The shortest ways from anywhere to `permission` at `spot`, over what is `allowed`.
    pub fn ways_to(&self, permission: usize, spot: usize, allowed: Option<&FixedBitSet>) -> Ways {
        let every = self.every();
        let mut ways = Ways { spots: every + 1, nodes: vec![None; self.permissions() * (every + 1)] };
        if allowed.is_some_and(|allowed| !allowed.contains(permission)) {
            return ways;
        }
        let mut open = VecDeque::new();
        ways.improve(permission, spot, Node { length: 0, next: None });
        open.push_back((permission, spot, 0));
        while let Some((permission, spot, length)) = open.pop_front() {
            if ways.node(permission, spot).is_none_or(|node| node.length < length) {
                continue;
            }
            if spot != every {
                // Counting everywhere is counting here: a way of no length.
                if ways.improve(permission, every, Node { length, next: Some((permission, spot, None)) }) {
                    open.push_front((permission, every, length));
                }
            }
            for edge in self.implied_by[permission].iter().filter(|edge| allowed.is_none_or(|allowed| allowed.contains(edge.permission))) {
                let from = match edge.at {
                    ImpliedAt::SameStage => spot..spot + 1,
                    ImpliedAt::EveryStage if spot == every => 0..every + 1,
                    ImpliedAt::Purpose(purpose) if self.purposes.get(spot) == Some(&purpose) => spot..spot + 1,
                    ImpliedAt::EveryStage | ImpliedAt::Purpose(_) => continue,
                };
                for before in from {
                    let node = Node { length: length + 1, next: Some((permission, spot, Some(edge.at))) };
                    if ways.improve(edge.permission, before, node) {
                        open.push_back((edge.permission, before, length + 1));
                    }
                }
            }
        }
        ways
    }
}

#[derive(Clone, Copy, Debug)]
struct Node {
    length: usize,
    /// The next permission and its spot; how it is implied, or `None` if it is the same permission.
    next: Option<(usize, usize, Option<ImpliedAt>)>,
}

/// The shortest ways to one permission at one spot.
#[derive(Debug)]
pub(in crate::access) struct Ways {
    spots: usize,
    nodes: Vec<Option<Node>>,
}

impl Ways {
    fn node(&self, permission: usize, spot: usize) -> Option<Node> {
        self.nodes[permission * self.spots + spot]
    }

    fn improve(&mut self, permission: usize, spot: usize, node: Node) -> bool {
        let known = &mut self.nodes[permission * self.spots + spot];
        let better = known.is_none_or(|known| node.length < known.length);
        if better {
            *known = Some(node);
        }
        better
    }

    /// The shortest way from `permission` at one of `spots`: itself first, then each implied permission and how it is implied.
    pub fn from(&self, permission: usize, spots: impl IntoIterator<Item = usize>) -> Option<Vec<(usize, Option<ImpliedAt>)>> {
        let (_, mut spot) = spots.into_iter().filter_map(|spot| Some((self.node(permission, spot)?.length, spot))).min()?;
        let (mut permission, mut way) = (permission, vec![(permission, None)]);
        while let Some((next, at_spot, at)) = self.node(permission, spot).and_then(|node| node.next) {
            if at.is_some() {
                way.push((next, at));
            }
            (permission, spot) = (next, at_spot);
        }
        Some(way)
    }
}
