//! Runs a program.
//!
//! Values, loops, calls and variables live in lists of the machine, never on the call stack, so
//! how deep an expression recurses is a matter of its budget. Frames that a function holds on to
//! stay until the evaluation ends; all others are used again at once.

mod calls;
mod driver;
mod groups;
mod matching;
mod steps;
mod transform;

pub use driver::{Fields, Over, Work};
pub use matching::{Goal, Matching};
pub use steps::{MergeSort, merge_sort};
pub use transform::deep_copy;

use std::rc::Rc;

use crate::expr::jsonata::error::Fault;
use crate::expr::jsonata::machine::driver::Driver;
use crate::expr::jsonata::machine::groups::Grouping;
use crate::expr::jsonata::machine::steps::Repeat;
use crate::expr::jsonata::object::Object;
use crate::expr::jsonata::ops::{self, Outcome};
use crate::expr::jsonata::program::{Op, Program};
use crate::expr::jsonata::syntax::BinaryOp;
use crate::expr::jsonata::value::{Function, Items, Marks, PLAIN, Val};
use crate::expr::jsonata::world::Control;
use crate::expr::jsonata::write::write_text;

/// Everything that an evaluation is at one moment.
pub struct Machine<'a, 'w> {
    pub control: Control<'a, 'w>,
    /// The program itself and those that `$eval` adds.
    units: Vec<Unit<'a>>,
    unit: u32,
    program: &'a Program,
    pc: usize,
    context: Val<'a>,
    root: Val<'a>,
    frame: u32,
    /// The frame of the function that runs.
    base_frame: u32,
    depth: u32,
    stack: Vec<Val<'a>>,
    repeats: Vec<Repeat<'a>>,
    builds: Vec<Build<'a>>,
    frames: Vec<Frame<'a>>,
    free_frames: Vec<u32>,
    calls: Vec<Activation<'a>>,
    /// Boxed, because they are taken out and put back at every callback.
    #[allow(clippy::vec_box)]
    drivers: Vec<Box<Driver<'a>>>,
    groupings: Vec<Grouping<'a>>,
    /// What each node gave, when somebody wants to know.
    pub notes: Option<Notes<'a>>,
}

/// A program and what its global names mean.
struct Unit<'a> {
    program: &'a Program,
    globals: Rc<Vec<Val<'a>>>,
}

/// The variables of a scope.
#[derive(Default)]
struct Frame<'a> {
    parent: u32,
    slots: Vec<Option<Val<'a>>>,
    /// A function value refers to it.
    is_captured: bool,
}

/// Where a function returns to.
struct Activation<'a> {
    unit: u32,
    pc: usize,
    context: Val<'a>,
    frame: u32,
    base_frame: u32,
    depth: u32,
    to_driver: bool,
}

/// An array or object that is being made.
enum Build<'a> {
    Array(Items<'a>),
    Object(Object<'a>, Val<'a>),
}

/// The values of the nodes of an expression.
#[derive(Default)]
pub struct Notes<'a> {
    /// By node: the first value and how many there were.
    pub values: Vec<Option<(Val<'a>, u32)>>,
}

/// Longest evaluation of a frame chain; a guard against a broken program only.
const NO_FRAME: u32 = u32::MAX;

pub fn broken() -> Box<Fault> {
    Fault::new("U1000").message("The expression was compiled wrongly")
}

impl<'a, 'w> Machine<'a, 'w> {
    pub fn new(
        program: &'a Program,
        control: Control<'a, 'w>,
        root: Val<'a>,
        context: Val<'a>,
    ) -> Machine<'a, 'w> {
        let mut machine = Machine {
            control,
            units: Vec::new(),
            unit: 0,
            program,
            pc: 0,
            context,
            root,
            frame: 0,
            base_frame: 0,
            depth: 0,
            stack: Vec::with_capacity(16),
            repeats: Vec::new(),
            builds: Vec::new(),
            frames: Vec::new(),
            free_frames: Vec::new(),
            calls: Vec::new(),
            drivers: Vec::new(),
            groupings: Vec::new(),
            notes: None,
        };
        machine.add_unit(program);
        machine.frame = machine.open_frame(NO_FRAME, program.n_slots);
        machine.base_frame = machine.frame;
        machine
    }

    fn add_unit(&mut self, program: &'a Program) -> u32 {
        let globals = program.globals.iter().map(|it| self.control.global(it)).collect();
        self.units.push(Unit { program, globals: Rc::new(globals) });
        self.units.len() as u32 - 1
    }

    /// Runs to the end.
    pub fn run(&mut self) -> Outcome<Val<'a>> {
        let res = self.go();
        res.map_err(|fault| self.place(fault))
    }

    /// Puts a fault where the machine stands.
    fn place(&self, fault: Box<Fault>) -> Box<Fault> {
        let eval = self.calls.iter().position(|it| it.unit != self.unit && self.unit != 0);
        let node = |unit: u32, pc: usize| {
            let program = self.units.get(unit as usize)?.program;
            let origin = program.origins.get(pc.checked_sub(1)?)?;
            program.tree.node(*origin as usize)
        };
        let fault = match node(self.unit, self.pc) {
            Some(it) => fault.at(it.at).between(it.span.0, it.span.1),
            None => fault,
        };
        // A fault inside of `$eval` is a fault of the call of `$eval`.
        match eval.and_then(|_| self.calls.iter().find(|it| it.unit == 0)) {
            Some(call) if self.unit != 0 => {
                let outer = Fault::new("D3121").value(fault.sentence());
                match node(call.unit, call.pc) {
                    Some(it) => outer.at(it.at).between(it.span.0, it.span.1),
                    None => outer,
                }
            }
            _ => fault,
        }
    }

    fn go(&mut self) -> Outcome<Val<'a>> {
        loop {
            let Some(op) = self.program.code.get(self.pc).copied() else { return Err(broken()) };
            self.pc += 1;
            match op {
                Op::Constant(idx) => {
                    let program = self.program;
                    let constant = program.constants.get(idx as usize).ok_or_else(broken)?;
                    self.stack.push(Val::In(constant));
                }
                Op::Number(number) => self.stack.push(Val::Number(number)),
                Op::Bool(value) => self.stack.push(Val::bool(value)),
                Op::Null => self.stack.push(Val::null()),
                Op::Undefined => self.stack.push(Val::Undefined),
                Op::Regex(idx) => {
                    let regex = self.program.regexes.get(idx as usize).ok_or_else(broken)?;
                    self.stack.push(Val::function(Function::Regex(regex)));
                }
                Op::Context => self.stack.push(match &self.context {
                    Val::Array(array) if array.marks.is_outer => array.items.get(0),
                    other => other.clone(),
                }),
                Op::Input => self.stack.push(match &self.context {
                    Val::Undefined => Val::sequence(vec![Val::Undefined]),
                    other => other.clone(),
                }),
                Op::InputOnce => self.stack.push(Val::sequence(vec![self.context.clone()])),
                Op::Root => self.stack.push(self.root.clone()),
                Op::Load(variable) => {
                    let value = self.load(variable)?;
                    self.stack.push(value);
                }
                Op::Store(variable) => {
                    let value = self.stack.last().cloned().unwrap_or_default();
                    self.store(variable, value)?;
                }
                Op::Clear { first, n_slots } => {
                    let slots = self.frames.get_mut(self.frame as usize).map(|it| &mut it.slots);
                    for slot in slots.into_iter().flatten().skip(first as usize).take(n_slots as usize) {
                        *slot = None;
                    }
                }
                Op::Pop => drop(self.stack.pop()),
                Op::Jump(to) => self.pc = to as usize,
                Op::Unless(to) => {
                    if !ops::truth(&self.pop())? {
                        self.pc = to as usize;
                    }
                }
                Op::And(to) => {
                    if !ops::truth(&self.pop())? {
                        self.stack.push(Val::bool(false));
                        self.pc = to as usize;
                    }
                }
                Op::Or(to) => {
                    if ops::truth(&self.pop())? {
                        self.stack.push(Val::bool(true));
                        self.pc = to as usize;
                    }
                }
                Op::ToBool => {
                    let value = ops::truth(&self.pop())?;
                    self.stack.push(Val::bool(value));
                }
                Op::IfTrue(to) => match self.stack.last() {
                    Some(value) if ops::truth(value)? => self.pc = to as usize,
                    _ => drop(self.stack.pop()),
                },
                Op::IfDefined(to) => match self.stack.last() {
                    Some(value) if !value.is_undefined() => self.pc = to as usize,
                    _ => drop(self.stack.pop()),
                },
                Op::Binary(op) => {
                    let (right, left) = (self.pop(), self.pop());
                    let value = binary(op, &left, &right).map_err(|it| it.token(op.text()))?;
                    self.stack.push(value);
                }
                Op::Concat => {
                    let (right, left) = (self.pop(), self.pop());
                    let value = self.concat(left, right).map_err(|it| it.token("&"))?;
                    self.stack.push(value);
                }
                Op::Negate => {
                    let value = self.pop();
                    let negated = match value.as_number() {
                        Some(number) if ops::usable(number)? => Val::Number(-number),
                        _ if value.is_undefined() => Val::Undefined,
                        _ => return Err(ops::fault_about("D1002", &value).token("-")),
                    };
                    self.stack.push(negated);
                }
                Op::Wildcard => {
                    let value = ops::wildcard(&self.context)?;
                    self.control.spend(value.n_items())?;
                    self.stack.push(value);
                }
                Op::Descendants => {
                    let mut found = Vec::new();
                    if !self.context.is_undefined() {
                        ops::descendants(&self.context, 0, &mut found)?;
                    }
                    self.control.spend(found.len())?;
                    let only = if found.len() == 1 { found.pop() } else { None };
                    self.stack.push(only.unwrap_or_else(|| Val::sequence(found)));
                }
                Op::Name(idx) => {
                    let name = self.program.constants.get(idx as usize).and_then(|it| it.as_str());
                    let value = ops::lookup(&self.context, name.unwrap_or_default(), 0)?;
                    self.stack.push(value);
                }
                Op::Walk { path, is_last } => {
                    let names = self.program.paths.get(path as usize).ok_or_else(broken)?;
                    let from = self.pop();
                    let value = steps::walk(from, names, is_last, &mut self.control)?;
                    self.stack.push(value);
                }
                Op::Single { is_last } => {
                    let value = steps::single(self.pop(), is_last);
                    self.stack.push(value);
                }
                Op::Written => {
                    let value = steps::written(self.pop());
                    self.stack.push(value);
                }
                Op::IfEmpty(to) => {
                    let Some(value) = self.stack.last() else { return Err(broken()) };
                    if value.is_undefined() || value.as_array().is_some_and(|it| it.is_empty()) {
                        self.pc = to as usize;
                    }
                }
                Op::PathEnd { .. } => {
                    let value = steps::kept(self.pop());
                    self.stack.push(value);
                }
                Op::Collapse { keeps } => {
                    let value = self.pop().collapse(keeps);
                    self.stack.push(value);
                }
                Op::Pick(place) => {
                    let value = steps::pick(self.pop(), place);
                    self.stack.push(value);
                }
                Op::StepBegin => self.step_begin(),
                Op::StepNext { exit, is_last } => self.step_next(exit, is_last)?,
                Op::StepCollect(next) => self.step_collect(next)?,
                Op::FilterBegin => self.filter_begin(),
                Op::FilterNext { exit, tuple_frame } => self.filter_next(exit, tuple_frame)?,
                Op::FilterTest(next) => self.filter_test(next)?,
                Op::SortBegin(sort) => self.sort_begin(sort),
                Op::SortNext { exit, tuple_frame } => self.sort_next(exit, tuple_frame)?,
                Op::SortCollect(next) => self.sort_collect(next)?,
                Op::TupleBegin => self.tuple_begin(),
                Op::TupleNext { exit, tuple_frame } => self.tuple_next(exit, tuple_frame)?,
                Op::TupleCollect { next, focus, index, ancestor } => {
                    self.tuple_collect(next, focus, index, ancestor)?;
                }
                Op::TupleIndex(name) => {
                    let value = steps::numbered(self.pop(), name);
                    self.stack.push(value);
                }
                Op::TupleValues => {
                    let value = match self.pop() {
                        Val::Stream(tuples) => Val::sequence(tuples.iter().map(|it| it.at.clone()).collect()),
                        other => other,
                    };
                    self.stack.push(value);
                }
                Op::ArrayBegin => self.builds.push(Build::Array(Items::default())),
                Op::ArrayPush => {
                    let value = self.pop();
                    self.control.spend(1)?;
                    if let (Some(Build::Array(items)), false) = (self.builds.last_mut(), value.is_undefined())
                    {
                        items.list_mut().push(value);
                    }
                }
                Op::ArrayAppend => self.array_append()?,
                Op::ArrayEnd { is_cons } => {
                    let Some(Build::Array(items)) = self.builds.pop() else { return Err(broken()) };
                    self.stack.push(ops::made(items, Marks { is_cons, ..PLAIN }));
                }
                Op::ObjectBegin(n_fields) => self.object_begin(n_fields),
                Op::ObjectSet(key) => self.object_set(key)?,
                Op::ObjectEnd => {
                    let Some(Build::Object(object, context)) = self.builds.pop() else {
                        return Err(broken());
                    };
                    self.context = context;
                    self.stack.push(Val::object(object));
                }
                Op::GroupBegin(group) => self.group_begin(group),
                Op::GroupNext { exit } => self.group_next(exit)?,
                Op::GroupKey(pair) => self.group_key(pair)?,
                Op::GroupKeysEnd(next) => self.group_keys_end(next),
                Op::GroupEach { exit } => self.group_each(exit)?,
                Op::GroupValue(next) => self.group_value(next)?,
                Op::FrameBegin { n_slots } => self.frame = self.open_frame(self.frame, n_slots),
                Op::FrameEnd => self.close_frame(),
                Op::Lambda(lambda) => {
                    let (unit, frame, context) = (self.unit, self.frame, self.context.clone());
                    self.capture(frame);
                    self.stack.push(Val::function(Function::Lambda { unit, lambda, frame, context }));
                }
                Op::Transform(transform) => {
                    let (unit, frame, context) = (self.unit, self.frame, self.context.clone());
                    self.capture(frame);
                    self.stack.push(Val::function(Function::Transform { unit, transform, frame, context }));
                }
                Op::Partial { site, partial } => self.partial(site, partial)?,
                Op::Chain => self.chain()?,
                Op::Call(site) => self.call(site)?,
                Op::TailCall(site) => self.tail_call(site)?,
                Op::Return => {
                    if let Some(value) = self.give_back()? {
                        return Ok(value);
                    }
                }
                Op::Probe(node) => {
                    if let (Some(notes), Some(value)) = (&mut self.notes, self.stack.last()) {
                        note(notes, node as usize, value);
                    }
                }
            }
        }
    }

    fn pop(&mut self) -> Val<'a> {
        self.stack.pop().unwrap_or_default()
    }

    fn concat(&mut self, left: Val<'a>, right: Val<'a>) -> Outcome<Val<'a>> {
        // A text that nobody else holds grows in place.
        let (mut text, n_old) = match left {
            Val::Text(text) => match Rc::try_unwrap(text) {
                Ok(text) => {
                    let n_old = text.len();
                    (text, n_old)
                }
                Err(text) => (text.as_str().to_string(), 0),
            },
            left => {
                let mut text = String::new();
                write_text(&left, false, &mut text)?;
                (text, 0)
            }
        };
        write_text(&right, false, &mut text)?;
        self.control.spend_bytes(text.len() - n_old)?;
        Ok(Val::text(text))
    }

    fn array_append(&mut self) -> Outcome<()> {
        let value = self.pop();
        let Some(Build::Array(items)) = self.builds.last_mut() else { return Err(broken()) };
        match &value {
            Val::Undefined => {}
            // A range alone is the array.
            Val::Array(array) if items.is_empty() && matches!(array.items, Items::Range { .. }) => {
                *items = array.items.clone();
            }
            value => {
                self.control.spend(items_written(items) + value.n_items())?;
                let list = items.list_mut();
                list.extend((0..value.n_items()).map(|it| value.item(it)));
            }
        }
        Ok(())
    }

    // Variables.

    fn load(&mut self, variable: u32) -> Outcome<Val<'a>> {
        let variable = self.program.variables.get(variable as usize).ok_or_else(broken)?;
        let (mut frame, mut up) = (self.frame, 0);
        for (hops, slot) in &variable.places {
            while up < *hops {
                frame = self.frames.get(frame as usize).ok_or_else(broken)?.parent;
                up += 1;
            }
            let slots = &self.frames.get(frame as usize).ok_or_else(broken)?.slots;
            if let Some(Some(value)) = slots.get(*slot as usize) {
                return Ok(value.clone());
            }
        }
        let unit = self.units.get(self.unit as usize);
        let global = variable.global.and_then(|it| unit?.globals.get(it as usize));
        Ok(global.cloned().unwrap_or_default())
    }

    fn store(&mut self, variable: u32, value: Val<'a>) -> Outcome<()> {
        let variable = self.program.variables.get(variable as usize).ok_or_else(broken)?;
        let (hops, slot) = variable.places.first().ok_or_else(broken)?;
        let mut frame = self.frame;
        for _ in 0..*hops {
            frame = self.frames.get(frame as usize).ok_or_else(broken)?.parent;
        }
        let slots = &mut self.frames.get_mut(frame as usize).ok_or_else(broken)?.slots;
        *slots.get_mut(*slot as usize).ok_or_else(broken)? = Some(value);
        Ok(())
    }

    fn open_frame(&mut self, parent: u32, n_slots: u32) -> u32 {
        let idx = match self.free_frames.pop() {
            Some(idx) => idx,
            None => {
                self.frames.push(Frame::default());
                self.frames.len() as u32 - 1
            }
        };
        if let Some(frame) = self.frames.get_mut(idx as usize) {
            frame.parent = parent;
            frame.is_captured = false;
            frame.slots.resize(n_slots as usize, None);
        }
        idx
    }

    /// Leaves the current frame for the one around it.
    fn close_frame(&mut self) {
        let idx = self.frame;
        if let Some(frame) = self.frames.get_mut(idx as usize) {
            self.frame = frame.parent;
            if !frame.is_captured {
                frame.slots.clear();
                self.free_frames.push(idx);
            }
        }
    }

    fn capture(&mut self, frame: u32) {
        let mut next = frame;
        while let Some(frame) = self.frames.get_mut(next as usize) {
            if std::mem::replace(&mut frame.is_captured, true) {
                return;
            }
            next = frame.parent;
        }
    }
}

fn note<'a>(notes: &mut Notes<'a>, node: usize, value: &Val<'a>) {
    if notes.values.len() <= node {
        notes.values.resize(node + 1, None);
    }
    match notes.values.get_mut(node) {
        Some(Some((_, count))) => *count = count.saturating_add(1),
        Some(slot) => *slot = Some((value.clone(), 1)),
        None => {}
    }
}

/// How many items of a range are about to be written out.
fn items_written(items: &Items<'_>) -> usize {
    match items {
        Items::Range { len, .. } => *len,
        Items::List(_) => 0,
    }
}

/// The operators that are used most on numbers, without a detour.
#[inline]
fn binary<'a>(op: BinaryOp, left: &Val<'a>, right: &Val<'a>) -> Outcome<Val<'a>> {
    if let (Some(left), Some(right)) = (left.as_number(), right.as_number())
        && left.is_finite()
        && right.is_finite()
    {
        return Ok(match op {
            BinaryOp::Add => Val::Number(left + right),
            BinaryOp::Subtract => Val::Number(left - right),
            BinaryOp::Multiply => Val::Number(left * right),
            BinaryOp::Divide => Val::Number(left / right),
            BinaryOp::Modulo => Val::Number(left % right),
            BinaryOp::Equal => Val::bool(left == right),
            BinaryOp::NotEqual => Val::bool(left != right),
            BinaryOp::Less => Val::bool(left < right),
            BinaryOp::LessOrEqual => Val::bool(left <= right),
            BinaryOp::Greater => Val::bool(left > right),
            BinaryOp::GreaterOrEqual => Val::bool(left >= right),
            _ => return ops::binary(op, &Val::Number(left), &Val::Number(right)),
        });
    }
    ops::binary(op, left, right)
}

#[cfg(test)]
mod tests {
    use serde_json::{Value, json};

    use crate::expr::jsonata::{Budget, Dialect, Jsonata, Outcome, World};
    use crate::expr::random::tests::Counter;

    fn check(text: &str, expected: Value) {
        let input = json!({"a": 1, "b": [{"c": 1}, {"c": 2}]});
        let mut random = Counter(1);
        let (bindings, budget) = (Vec::new(), Budget::default());
        let mut world = World { input: Some(&input), bindings, now_millis: 0, random: &mut random, budget };
        let result = Jsonata::parse(text, Dialect::Full).and_then(|it| it.evaluate(&mut world));
        assert_eq!(result, Ok(Some(Outcome::Json(expected))), "{text}");
    }

    #[test]
    fn variables_are_found_from_everywhere() {
        check("($v := 5; $$ ~> |b|{'c': c + $v}|).b.c", json!([6, 7]));
        check("($v := 5; $f := function($x) { ($v := $x + $v; $v) }; [$f(1), $f(1), $v])", json!([6, 6, 5]));
        check("($v := 1; ($v := 2; $v) + $v)", json!(3));
        check("($v := 1; b.($v := $v + c; $v))", json!([2, 3]));
        check("b@$x.b@$y[$x.c < $y.c].($x.c & $y.c)", json!("12"));
        check("b#$i.(function() { $i + c })()", json!([1, 3]));
        check("($f := b.($c := c; function() { $c }); $f[1]())", json!(2));
    }
}
