//! The orders for misbehaviour that are left, and the call that each one meets.

use serde::{Deserialize, Serialize};
use serde_json::Value;

use super::Kind;

/// One order: the next `times` calls of the operation after `skip` others misbehave.
#[derive(Debug, Clone, Serialize, Deserialize)]
pub(crate) struct Order {
    /// The reference's name, or `*` for each.
    #[serde(default = "any")]
    pub(crate) operation: String,
    /// −1: until it is taken back.
    #[serde(default = "once")]
    pub(crate) times: i64,
    #[serde(default)]
    pub(crate) skip: u64,
    #[serde(flatten)]
    pub(crate) kind: Kind,
}

fn any() -> String {
    "*".to_owned()
}

const fn once() -> i64 {
    1
}

/// The orders that are left, the oldest first.
#[derive(Debug, Default)]
pub(crate) struct Faults {
    orders: Vec<Order>,
}

impl Faults {
    /// Takes orders as `/_sim/faults` gets them: one or several, `answer` also as an object.
    pub(crate) fn order(&mut self, orders: Value) -> Result<(), String> {
        let list = if let Value::Array(list) = orders { list } else { vec![orders] };
        let read = list.into_iter().map(|mut order| {
            if let Some(Value::Object(answer)) = order.get_mut("answer").map(Value::take)
                && let Value::Object(members) = &mut order
            {
                members.extend(answer);
                members.insert("kind".to_owned(), "answer".into());
            }
            serde_json::from_value(order).map_err(|error| error.to_string())
        });
        self.orders.extend(read.collect::<Result<Vec<Order>, String>>()?);
        Ok(())
    }

    /// The fault that meets this call, if any: the oldest order that is due.
    pub(crate) fn take(&mut self, operation: &str) -> Option<Kind> {
        let meets = |order: &Order| order.operation == "*" || order.operation == operation;
        let mut taken = None;
        for order in self.orders.iter_mut().filter(|order| meets(order)) {
            if order.skip > 0 {
                order.skip -= 1;
            } else if taken.is_none() && order.times != 0 {
                order.times -= i64::from(order.times > 0);
                taken = Some(order.kind.clone());
            }
        }
        self.orders.retain(|order| order.times != 0);
        taken
    }

    pub(crate) fn left(&self) -> &[Order] {
        &self.orders
    }

    pub(crate) fn clear(&mut self) {
        self.orders.clear();
    }
}
