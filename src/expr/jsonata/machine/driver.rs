//! Built-in functions that call functions: each is a small state machine that asks for one call at
//! a time and is given its result, so that none of them needs the call stack.

use crate::expr::jsonata::error::Fault;
use crate::expr::jsonata::machine::Machine;
use crate::expr::jsonata::machine::calls::Next;
use crate::expr::jsonata::machine::matching::Matching;
use crate::expr::jsonata::machine::steps::{MergeSort, merge_sort, walk};
use crate::expr::jsonata::machine::transform::Transforming;
use crate::expr::jsonata::object::{Name, Object};
use crate::expr::jsonata::ops::{self, Outcome};
use crate::expr::jsonata::syntax::BinaryOp;
use crate::expr::jsonata::value::Val;

/// A built-in function at work.
pub struct Driver<'a> {
    work: Work<'a>,
    is_started: bool,
    pub to_driver: bool,
    /// A call to make before anything else.
    pub first: Option<(Val<'a>, Vec<Val<'a>>)>,
}

/// What is being done.
pub enum Work<'a> {
    /// Nothing: the result was clear from the start.
    Over(Val<'a>),
    Map(Over<'a>),
    Filter(Over<'a>),
    Single {
        over: Over<'a>,
        found: Option<Val<'a>>,
    },
    Reduce {
        over: Over<'a>,
        result: Option<Val<'a>>,
        arity: usize,
    },
    Each(Fields<'a>),
    Sift(Fields<'a>),
    Sort {
        items: Val<'a>,
        comparator: Val<'a>,
        sort: MergeSort,
    },
    Chain {
        second: Val<'a>,
    },
    Matching(Box<Matching<'a>>),
    Transform(Box<Transforming<'a>>),
}

/// A function that is applied to the items of an array.
pub struct Over<'a> {
    pub items: Val<'a>,
    pub function: Val<'a>,
    pub idx: usize,
    pub out: Vec<Val<'a>>,
    /// How many arguments the function takes; asked once.
    arity: Option<usize>,
}

impl<'a> Over<'a> {
    pub fn new(items: Val<'a>, function: Val<'a>) -> Over<'a> {
        Over { items, function, idx: 0, out: Vec::new(), arity: None }
    }

    fn len(&self) -> usize {
        self.items.n_items()
    }

    /// Asks for the next item, its index and the whole, as many as the function takes.
    fn ask(&mut self, machine: &mut Machine<'a, '_>) -> Next<'a> {
        let arity = *self.arity.get_or_insert_with(|| machine.arity(&self.function));
        machine.push(self.items.item(self.idx));
        if 2 <= arity {
            machine.push(Val::Number(self.idx as f64));
        }
        if 3 <= arity {
            machine.push(self.items.clone());
        }
        self.idx += 1;
        Next::Call(self.function.clone())
    }

    fn last(&self) -> Val<'a> {
        self.items.item(self.idx.saturating_sub(1))
    }
}

/// A function that is applied to the fields of an object.
pub struct Fields<'a> {
    pub object: Val<'a>,
    pub function: Val<'a>,
    pub entries: Vec<(Name<'a>, Val<'a>)>,
    pub idx: usize,
    pub out: Vec<Val<'a>>,
    pub kept: Object<'a>,
}

impl<'a> Fields<'a> {
    pub fn new(object: Val<'a>, function: Val<'a>) -> Fields<'a> {
        let entries = object.as_object().map(|it| it.entries()).unwrap_or_default();
        Fields { object, function, entries, idx: 0, out: Vec::new(), kept: Object::default() }
    }

    fn ask(&mut self, machine: &mut Machine<'a, '_>) -> Option<Next<'a>> {
        let (name, value) = self.entries.get(self.idx)?.clone();
        let arity = machine.arity(&self.function);
        machine.push(value);
        if 2 <= arity {
            machine.push(Val::from(name));
        }
        if 3 <= arity {
            machine.push(self.object.clone());
        }
        self.idx += 1;
        Some(Next::Call(self.function.clone()))
    }
}

impl<'a> Driver<'a> {
    pub fn boxed(work: Work<'a>, to_driver: bool) -> Box<Driver<'a>> {
        Box::new(Driver { work, is_started: false, to_driver, first: None })
    }

    /// Takes the result of the call it asked for and says what comes next.
    pub fn step(&mut self, machine: &mut Machine<'a, '_>, value: Val<'a>) -> Outcome<Next<'a>> {
        machine.control.spend(1)?;
        if let Some((callee, arguments)) = self.first.take() {
            self.is_started = true;
            arguments.into_iter().for_each(|it| machine.push(it));
            return Ok(Next::Call(callee));
        }
        let answer = self.is_started.then_some(value);
        self.is_started = true;
        match &mut self.work {
            Work::Over(value) => Ok(Next::Done(std::mem::take(value))),
            Work::Map(over) => {
                if let Some(value) = answer
                    && !value.is_undefined()
                {
                    over.out.push(value);
                }
                if over.idx < over.len() {
                    return Ok(over.ask(machine));
                }
                Ok(Next::Done(Val::sequence(std::mem::take(&mut over.out))))
            }
            Work::Filter(over) => {
                if let Some(value) = answer
                    && ops::truth(&value)?
                {
                    let item = over.last();
                    over.out.push(item);
                }
                if over.idx < over.len() {
                    return Ok(over.ask(machine));
                }
                Ok(Next::Done(Val::sequence(std::mem::take(&mut over.out))))
            }
            Work::Single { over, found } => single(over, found, answer, machine),
            Work::Reduce { over, result, arity } => reduce(over, result, arity, answer, machine),
            Work::Each(fields) => {
                if let Some(value) = answer
                    && !value.is_undefined()
                {
                    fields.out.push(value);
                }
                match fields.ask(machine) {
                    Some(next) => Ok(next),
                    None => Ok(Next::Done(Val::sequence(std::mem::take(&mut fields.out)))),
                }
            }
            Work::Sift(fields) => {
                if let Some(value) = answer
                    && ops::truth(&value)?
                    && let Some((name, value)) = fields.entries.get(fields.idx.saturating_sub(1))
                {
                    fields.kept.push(name.clone(), value.clone());
                }
                match fields.ask(machine) {
                    Some(next) => Ok(next),
                    None if fields.kept.entries().is_empty() => Ok(Next::Done(Val::Undefined)),
                    None => Ok(Next::Done(Val::object(std::mem::take(&mut fields.kept)))),
                }
            }
            Work::Sort { items, comparator, sort } => {
                match answer {
                    Some(value) => sort.answer(ops::script_truth(&value)),
                    None => {
                        if let Some(order) = machine.order_by_field(items, comparator)? {
                            let items = order.into_iter().map(|it| items.item(it)).collect();
                            return Ok(Next::Done(Val::list(items)));
                        }
                    }
                }
                match sort.question() {
                    Some((left, right)) => {
                        machine.push(items.item(left));
                        machine.push(items.item(right));
                        Ok(Next::Call(comparator.clone()))
                    }
                    None => {
                        let order = std::mem::replace(sort, MergeSort::new(0)).into_order();
                        Ok(Next::Done(Val::list(order.into_iter().map(|it| items.item(it)).collect())))
                    }
                }
            }
            Work::Chain { second } => match std::mem::take(second) {
                Val::Undefined => Ok(Next::Done(answer.unwrap_or_default())),
                second => {
                    machine.push(answer.unwrap_or_default());
                    Ok(Next::Call(second))
                }
            },
            Work::Matching(matching) => matching.step(machine, answer),
            Work::Transform(transforming) => transforming.step(machine, answer),
        }
    }
}

fn single<'a>(
    over: &mut Over<'a>,
    found: &mut Option<Val<'a>>,
    answer: Option<Val<'a>>,
    machine: &mut Machine<'a, '_>,
) -> Outcome<Next<'a>> {
    let has_function = !over.function.is_undefined();
    let mut answer = answer;
    loop {
        if let Some(value) = answer.take()
            && ops::truth(&value)?
            && found.replace(over.last()).is_some()
        {
            return Err(Fault::new("D3138").index(over.idx.saturating_sub(1)));
        }
        if over.len() <= over.idx {
            return match found.take() {
                Some(value) => Ok(Next::Done(value)),
                None => Err(Fault::new("D3139")),
            };
        }
        if has_function {
            return Ok(over.ask(machine));
        }
        over.idx += 1;
        answer = Some(Val::bool(true));
    }
}

fn reduce<'a>(
    over: &mut Over<'a>,
    result: &mut Option<Val<'a>>,
    arity: &mut usize,
    answer: Option<Val<'a>>,
    machine: &mut Machine<'a, '_>,
) -> Outcome<Next<'a>> {
    match answer {
        Some(value) => *result = Some(value),
        None => {
            *arity = machine.arity(&over.function);
            if *arity < 2 {
                return Err(Fault::new("D3050").index(1));
            }
            if result.is_none() && 0 < over.len() {
                *result = Some(over.items.item(0));
                over.idx = 1;
            }
        }
    }
    if over.len() <= over.idx {
        return Ok(Next::Done(result.take().unwrap_or_default()));
    }
    machine.push(result.take().unwrap_or_default());
    machine.push(over.items.item(over.idx));
    if 3 <= *arity {
        machine.push(Val::Number(over.idx as f64));
    }
    if 4 <= *arity {
        machine.push(over.items.clone());
    }
    over.idx += 1;
    Ok(Next::Call(over.function.clone()))
}

impl<'a> Machine<'a, '_> {
    /// The order of items by a function that only compares one field of them, without calling it.
    /// `None` if it does more, or if the fields are not all numbers or all strings.
    fn order_by_field(&mut self, items: &Val<'a>, comparator: &Val<'a>) -> Outcome<Option<Vec<usize>>> {
        let Some(comparison) = self.comparison(comparator) else { return Ok(None) };
        let mut keys = Vec::with_capacity(items.n_items());
        for idx in 0..items.n_items() {
            let key = walk(items.item(idx), &comparison.names, true, &mut self.control)?.collapse(false);
            if key.as_number().is_none_or(f64::is_nan) && key.as_text().is_none() {
                return Ok(None);
            }
            keys.push(key);
        }
        let n_texts = keys.iter().filter(|it| it.as_text().is_some()).count();
        if n_texts != 0 && n_texts != keys.len() {
            return Ok(None);
        }
        self.control.spend(keys.len() * 8)?;
        let order = merge_sort(keys.len(), |left, right| {
            let (left, right) = if comparison.is_swapped { (right, left) } else { (left, right) };
            let (Some(left), Some(right)) = (keys.get(left), keys.get(right)) else { return Ok(false) };
            let order = match (left.as_number(), right.as_number()) {
                (Some(left), Some(right)) => left.partial_cmp(&right).unwrap_or(std::cmp::Ordering::Equal),
                _ => ops::text_order(left.as_text().unwrap_or_default(), right.as_text().unwrap_or_default()),
            };
            Ok(match comparison.op {
                BinaryOp::Less => order.is_lt(),
                BinaryOp::LessOrEqual => order.is_le(),
                BinaryOp::Greater => order.is_gt(),
                _ => order.is_ge(),
            })
        })?;
        Ok(Some(order))
    }

    /// Puts an argument on the stack.
    pub fn push(&mut self, value: Val<'a>) {
        self.stack.push(value);
    }
}
