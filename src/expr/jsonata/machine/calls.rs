//! Calling and returning.

use crate::expr::jsonata::error::Fault;
use crate::expr::jsonata::functions::{Builtin, Run};
use crate::expr::jsonata::machine::driver::{Driver, Work};
use crate::expr::jsonata::machine::{Activation, Machine, broken};
use crate::expr::jsonata::ops::{self, Outcome};
use crate::expr::jsonata::program::{Comparison, Op, Program};
use crate::expr::jsonata::signature::{Arguments, Kinds, Signature, Slot};
use crate::expr::jsonata::value::{Function, Val, View};

/// What came of starting a call.
pub enum Flow<'a> {
    /// It is already over.
    Value(Val<'a>),
    /// The body of a function runs next.
    Entered,
    /// A built-in function that calls functions itself has to be asked for its first step.
    Driver,
}

/// What a callback may cost in depth, since it has no place in the text.
const CALLBACK_NESTING: u32 = 3;

/// How a call was made.
#[derive(Clone, Copy)]
struct Caller<'s> {
    name: Option<&'s str>,
    nesting: u32,
    to_driver: bool,
    /// Whether the context stands in for arguments; otherwise `null` does.
    has_context: bool,
}

/// A call by a built-in function.
const CALLBACK: Caller<'static> =
    Caller { name: None, nesting: CALLBACK_NESTING, to_driver: true, has_context: false };

/// The arguments on top of the stack.
struct Tail<'m, 'a> {
    arguments: &'m [Val<'a>],
    context: &'m Val<'a>,
}

impl Arguments for Tail<'_, '_> {
    fn n_arguments(&self) -> usize {
        self.arguments.len()
    }

    fn kind(&self, idx: usize) -> Kinds {
        self.arguments.get(idx).map_or(Kinds::MISSING, ops::kind)
    }

    fn context_kind(&self) -> Kinds {
        ops::kind(self.context)
    }

    fn items_are(&self, idx: usize, kind: Kinds) -> bool {
        match self.arguments.get(idx).map(Val::view) {
            Some(View::Array(items)) => items.iter().all(|it| ops::kind(&it) == kind),
            _ => false,
        }
    }
}

impl<'a> Machine<'a, '_> {
    /// A call as written.
    pub fn call(&mut self, site: u32) -> Outcome<()> {
        let program = self.program;
        let site = program.calls.get(site as usize).ok_or_else(broken)?;
        let callee = self.pop();
        if callee.is_undefined()
            && let Some(variable) = site.with_dollar
            && !self.load(variable)?.is_undefined()
        {
            return Err(Fault::new("T1005").token(site.name.clone().unwrap_or_default()));
        }
        let name = site.name.as_deref();
        let caller = Caller { name, nesting: site.nesting, to_driver: false, has_context: true };
        let n_arguments = site.n_arguments as usize;
        let flow = match self.invoke(callee, n_arguments, true, caller) {
            Ok(Flow::Driver) => self.resume(Val::Undefined),
            other => other,
        };
        match flow {
            Ok(Flow::Value(value)) => {
                self.stack.push(if site.is_tail { value } else { value.collapse(site.keep_array) });
                Ok(())
            }
            Ok(_) => Ok(()),
            Err(fault) => Err(match name {
                Some(name) => fault.token(name),
                None => fault,
            }),
        }
    }

    /// A call whose result is the result of the function around it: takes over its place.
    pub fn tail_call(&mut self, site: u32) -> Outcome<()> {
        let is_lambda = match self.stack.last() {
            Some(Val::Function(function)) => matches!(&**function, Function::Lambda { .. }),
            _ => false,
        };
        if !is_lambda || self.calls.is_empty() {
            // The instruction behind it returns.
            return self.call(site);
        }
        let program = self.program;
        let site = program.calls.get(site as usize).ok_or_else(broken)?;
        self.control.spend(1)?;
        let callee = self.pop();
        let n_arguments = site.n_arguments as usize;
        self.leave_frames();
        self.enter_lambda(&callee, n_arguments, true, true).map_err(|it| match &site.name {
            Some(name) => it.token(name.clone()),
            None => it,
        })
    }

    /// Gives up the frames of the function that runs.
    fn leave_frames(&mut self) {
        let base = self.base_frame;
        while self.frame != base && (self.frame as usize) < self.frames.len() {
            self.close_frame();
        }
        self.close_frame();
    }

    /// Starts a call of any function value with the arguments on top of the stack.
    fn invoke(
        &mut self,
        callee: Val<'a>,
        n_arguments: usize,
        checks: bool,
        caller: Caller<'_>,
    ) -> Outcome<Flow<'a>> {
        let (mut callee, mut n_arguments, mut checks) = (callee, n_arguments, checks);
        loop {
            self.control.spend(1)?;
            let function = match &callee {
                Val::Builtin(builtin) => return self.invoke_builtin(builtin, n_arguments, caller),
                Val::Function(function) => function.clone(),
                _ => return Err(Fault::new("T1006")),
            };
            match &*function {
                Function::Lambda { .. } => {
                    let depth = self.depth.saturating_add(caller.nesting);
                    self.control.check_depth(depth)?;
                    self.calls.push(Activation {
                        unit: self.unit,
                        pc: self.pc,
                        context: std::mem::take(&mut self.context),
                        frame: self.frame,
                        base_frame: self.base_frame,
                        depth: self.depth,
                        to_driver: caller.to_driver,
                    });
                    self.depth = depth;
                    if let Err(fault) = self.enter_lambda(&callee, n_arguments, checks, caller.has_context) {
                        self.undo_call();
                        return Err(fault);
                    }
                    return Ok(Flow::Entered);
                }
                Function::Partial { callee: inner, arguments } => {
                    let given = self.take_arguments(n_arguments);
                    let mut given = given.into_iter();
                    n_arguments = arguments.len();
                    for argument in arguments {
                        let value = match argument {
                            Some(value) => value.clone(),
                            None => given.next().unwrap_or_default(),
                        };
                        self.stack.push(value);
                    }
                    callee = inner.clone();
                    checks = false;
                }
                Function::Chain(first, second) => {
                    let work = Work::Chain { second: second.clone() };
                    self.drivers.push(Driver::boxed(work, caller.to_driver));
                    // The driver asks for the first function itself, with these arguments.
                    let arguments = self.take_arguments(n_arguments);
                    self.start_in_driver(first.clone(), arguments);
                    return Ok(Flow::Driver);
                }
                Function::Transform { unit, transform, frame, context } => {
                    let target = self.take_arguments(n_arguments).into_iter().next().unwrap_or_default();
                    let work = self.transform_work(*unit, *transform, *frame, context.clone(), target)?;
                    self.drivers.push(Driver::boxed(work, caller.to_driver));
                    return Ok(Flow::Driver);
                }
                Function::Regex(regex) => {
                    let arguments = self.take_arguments(n_arguments);
                    let text = arguments.first().cloned().unwrap_or_default();
                    let from = arguments.get(1).and_then(Val::as_number).unwrap_or(0.0);
                    return Ok(Flow::Value(self.match_object(regex, text, from as usize, false)?));
                }
                Function::NextMatch { regex, text, from } => {
                    self.take_arguments(n_arguments);
                    return Ok(Flow::Value(self.match_object(regex, text.clone(), *from, true)?));
                }
            }
        }
    }

    fn undo_call(&mut self) {
        if let Some(call) = self.calls.pop() {
            self.context = call.context;
            self.frame = call.frame;
            self.base_frame = call.base_frame;
            self.depth = call.depth;
        }
    }

    pub fn take_arguments(&mut self, n_arguments: usize) -> Vec<Val<'a>> {
        let from = self.stack.len().saturating_sub(n_arguments);
        self.stack.split_off(from)
    }

    /// Makes the function's body run next, its parameters bound.
    fn enter_lambda(
        &mut self,
        callee: &Val<'a>,
        n_arguments: usize,
        checks: bool,
        has_context: bool,
    ) -> Outcome<()> {
        let Val::Function(function) = callee else { return Err(broken()) };
        let Function::Lambda { unit, lambda, frame, context } = &**function else { return Err(broken()) };
        let program = self.units.get(*unit as usize).ok_or_else(broken)?.program;
        let lambda = program.lambdas.get(*lambda as usize).ok_or_else(broken)?;
        let mut n_arguments = n_arguments;
        if checks && let Some(signature) = &lambda.signature {
            // The context of the caller is what a signature with `-` falls back on.
            let outer = match self.calls.last() {
                Some(call) if has_context => call.context.clone(),
                _ => Val::null(),
            };
            n_arguments = self.fit(signature, n_arguments, &outer)?;
        }
        self.control.check_frames(self.frames.len())?;
        let idx = self.open_frame(*frame, lambda.n_slots);
        let n_params = lambda.n_params as usize;
        let from = self.stack.len().saturating_sub(n_arguments);
        let slots = &mut self.frames.get_mut(idx as usize).ok_or_else(broken)?.slots;
        let mut arguments = self.stack.drain(from..);
        for slot in slots.iter_mut().take(n_params) {
            *slot = Some(arguments.next().unwrap_or_default());
        }
        drop(arguments);
        self.unit = *unit;
        self.program = program;
        self.frame = idx;
        self.base_frame = idx;
        self.pc = lambda.entry as usize;
        self.context = context.clone();
        Ok(())
    }

    /// Arranges the arguments on the stack as a signature wants them; how many there are then.
    fn fit(&mut self, signature: &Signature, n_arguments: usize, context: &Val<'a>) -> Outcome<usize> {
        let from = self.stack.len().saturating_sub(n_arguments);
        let tail = Tail { arguments: self.stack.get(from..).unwrap_or_default(), context };
        if signature.fits_plainly(&tail) {
            return Ok(n_arguments);
        }
        let slots = signature.fit(&tail)?;
        let arguments = self.stack.split_off(from);
        for slot in &slots {
            let argument = |idx: usize| arguments.get(idx).cloned().unwrap_or_default();
            self.stack.push(match slot {
                Slot::Argument(idx) => argument(*idx),
                Slot::Wrapped(idx) => Val::list(vec![argument(*idx)]),
                Slot::Context => match context {
                    Val::Array(array) if array.marks.is_outer => array.items.get(0),
                    other => other.clone(),
                },
                Slot::Missing => Val::Undefined,
            });
        }
        Ok(slots.len())
    }

    fn invoke_builtin(
        &mut self,
        builtin: &'static Builtin,
        n_arguments: usize,
        caller: Caller<'_>,
    ) -> Outcome<Flow<'a>> {
        let context = if caller.has_context { self.context.clone() } else { Val::null() };
        let n_arguments = self
            .fit(builtin.signature(), n_arguments, &context)
            .map_err(|it| it.token(caller.name.unwrap_or(builtin.name)))?;
        let from = self.stack.len().saturating_sub(n_arguments);
        match builtin.run {
            Run::Plain(run) => {
                let arguments = self.stack.get_mut(from..).unwrap_or_default();
                let value = run(&mut self.control, arguments)?;
                self.stack.truncate(from);
                Ok(Flow::Value(value))
            }
            Run::Driven(begin) => {
                let arguments = self.stack.split_off(from);
                match begin(arguments)? {
                    Work::Over(value) => Ok(Flow::Value(value)),
                    work => {
                        self.drivers.push(Driver::boxed(work, caller.to_driver));
                        Ok(Flow::Driver)
                    }
                }
            }
            Run::Eval => {
                let arguments = self.stack.split_off(from);
                self.eval(arguments, caller)
            }
        }
    }

    /// `$eval`: the text becomes a program of its own, which runs like a function.
    fn eval(&mut self, arguments: Vec<Val<'a>>, caller: Caller<'_>) -> Outcome<Flow<'a>> {
        let mut arguments = arguments.into_iter();
        let text = arguments.next().unwrap_or_default();
        let Some(text) = text.as_text() else { return Ok(Flow::Value(Val::Undefined)) };
        let program: &'a Program = self.control.compile(text)?;
        let depth = self.depth.saturating_add(caller.nesting);
        self.control.check_depth(depth)?;
        let unit = self.add_unit(program);
        let context = match arguments.next() {
            Some(Val::Undefined) | None => self.context.clone(),
            Some(value) => crate::expr::jsonata::world::outer(value),
        };
        self.calls.push(Activation {
            unit: self.unit,
            pc: self.pc,
            context: std::mem::replace(&mut self.context, context),
            frame: self.frame,
            base_frame: self.base_frame,
            depth: self.depth,
            to_driver: caller.to_driver,
        });
        self.depth = depth;
        self.unit = unit;
        self.program = program;
        self.frame = self.open_frame(super::NO_FRAME, program.n_slots);
        self.base_frame = self.frame;
        self.pc = 0;
        Ok(Flow::Entered)
    }

    /// The end of a body: gives its value to the caller. `Some` when there is none.
    pub fn give_back(&mut self) -> Outcome<Option<Val<'a>>> {
        let value = self.pop();
        let Some(call) = self.calls.pop() else { return Ok(Some(value)) };
        self.close_frame();
        self.unit = call.unit;
        self.program = self.units.get(call.unit as usize).ok_or_else(broken)?.program;
        self.pc = call.pc;
        self.context = call.context;
        self.frame = call.frame;
        self.base_frame = call.base_frame;
        self.depth = call.depth;
        if !call.to_driver {
            self.arrive(value);
        } else if let Flow::Value(value) = self.resume(value)? {
            self.arrive(value);
        }
        Ok(None)
    }

    /// The value of the call that the machine stands behind.
    fn arrive(&mut self, value: Val<'a>) {
        let op = self.pc.checked_sub(1).and_then(|it| self.program.code.get(it));
        let site = match op {
            Some(Op::Call(site) | Op::TailCall(site)) => self.program.calls.get(*site as usize),
            _ => None,
        };
        self.stack.push(match site {
            Some(site) if site.is_tail => value,
            // `f()[]` keeps the array that the function made.
            site => value.collapse(site.is_some_and(|it| it.keep_array)),
        });
    }

    /// Runs the built-in functions that wait for a callback, the newest first, until one of them
    /// needs a function of the expression or the first of them is done.
    pub fn resume(&mut self, value: Val<'a>) -> Outcome<Flow<'a>> {
        let mut value = value;
        loop {
            let Some(mut driver) = self.drivers.pop() else { return Err(broken()) };
            let to_driver = driver.to_driver;
            let from = self.stack.len();
            match driver.step(self, value)? {
                Next::Done(done) if to_driver => value = done,
                Next::Done(done) => return Ok(Flow::Value(done)),
                Next::Call(callee) => {
                    let n_arguments = self.stack.len().saturating_sub(from);
                    self.drivers.push(driver);
                    let caller = CALLBACK;
                    match self.invoke(callee, n_arguments, true, caller)? {
                        Flow::Value(done) => value = done,
                        Flow::Driver => value = Val::Undefined,
                        Flow::Entered => return Ok(Flow::Entered),
                    }
                }
                Next::Body { unit, pc, frame, context } => {
                    self.drivers.push(driver);
                    self.enter_body(unit, pc, frame, context)?;
                    return Ok(Flow::Entered);
                }
            }
        }
    }

    /// Runs a stretch of a program that is no function, for the built-in function on top.
    fn enter_body(&mut self, unit: u32, pc: u32, frame: u32, context: Val<'a>) -> Outcome<()> {
        let depth = self.depth.saturating_add(CALLBACK_NESTING);
        self.control.check_depth(depth)?;
        self.calls.push(Activation {
            unit: self.unit,
            pc: self.pc,
            context: std::mem::replace(&mut self.context, context),
            frame: self.frame,
            base_frame: self.base_frame,
            depth: self.depth,
            to_driver: true,
        });
        self.depth = depth;
        self.unit = unit;
        self.program = self.units.get(unit as usize).ok_or_else(broken)?.program;
        // The function value holds on to its frame, so leaving the body does not free it.
        self.frame = frame;
        self.base_frame = frame;
        self.pc = pc as usize;
        Ok(())
    }

    fn start_in_driver(&mut self, callee: Val<'a>, arguments: Vec<Val<'a>>) {
        if let Some(driver) = self.drivers.last_mut() {
            driver.first = Some((callee, arguments));
        }
    }

    /// `$f(?, 2)`
    pub fn partial(&mut self, site: u32, partial: u32) -> Outcome<()> {
        let program = self.program;
        let site = program.calls.get(site as usize).ok_or_else(broken)?;
        let given = program.partials.get(partial as usize).ok_or_else(broken)?;
        let callee = self.pop();
        if !callee.is_function() {
            if callee.is_undefined()
                && let Some(variable) = site.with_dollar
                && !self.load(variable)?.is_undefined()
            {
                return Err(Fault::new("T1007").token(site.name.clone().unwrap_or_default()));
            }
            let fault = Fault::new("T1008");
            return Err(match &site.name {
                Some(name) => fault.token(name.clone()),
                None => fault,
            });
        }
        let n_given = given.iter().filter(|it| **it).count();
        let mut values = self.take_arguments(n_given).into_iter();
        let arguments = given.iter().map(|it| it.then(|| values.next().unwrap_or_default())).collect();
        self.stack.push(Val::function(Function::Partial { callee, arguments }));
        Ok(())
    }

    /// `left ~> right` where the right side is no call.
    pub fn chain(&mut self) -> Outcome<()> {
        let (right, left) = (self.pop(), self.pop());
        if !right.is_function() {
            return Err(ops::fault_about("T2006", &right).token("~>"));
        }
        if left.is_function() {
            self.stack.push(Val::function(Function::Chain(left, right)));
            return Ok(());
        }
        self.stack.push(left);
        let caller = Caller { to_driver: false, ..CALLBACK };
        let flow = match self.invoke(right, 1, true, caller)? {
            Flow::Driver => self.resume(Val::Undefined)?,
            other => other,
        };
        if let Flow::Value(value) = flow {
            self.stack.push(value);
        }
        Ok(())
    }

    /// What a function compares, if it does nothing else.
    pub fn comparison(&self, function: &Val<'a>) -> Option<&'a Comparison> {
        let Val::Function(function) = function else { return None };
        let Function::Lambda { unit, lambda, .. } = &**function else { return None };
        let program = self.units.get(*unit as usize)?.program;
        program.lambdas.get(*lambda as usize)?.comparison.as_ref()
    }

    /// How many arguments a function can take.
    pub fn arity(&self, function: &Val<'a>) -> usize {
        let mut function = function;
        let mut n_given = None;
        loop {
            let inner = match function {
                Val::Builtin(builtin) => return n_given.unwrap_or(usize::from(builtin.arity)),
                Val::Function(inner) => inner,
                _ => return 0,
            };
            match &**inner {
                Function::Lambda { unit, lambda, .. } => {
                    let program = self.units.get(*unit as usize).map(|it| it.program);
                    let lambda = program.and_then(|it| it.lambdas.get(*lambda as usize));
                    return n_given.unwrap_or(lambda.map_or(0, |it| it.n_params as usize));
                }
                Function::Partial { callee, arguments } => {
                    n_given.get_or_insert(arguments.iter().filter(|it| it.is_none()).count());
                    function = callee;
                }
                Function::Chain(..) | Function::Transform { .. } => return n_given.unwrap_or(1),
                Function::Regex(_) => return n_given.unwrap_or(2),
                Function::NextMatch { .. } => return 0,
            }
        }
    }
}

/// What a built-in function that calls functions does next.
pub enum Next<'a> {
    Done(Val<'a>),
    /// Calls a function; the arguments are on the stack.
    Call(Val<'a>),
    /// Runs a stretch of a program.
    Body {
        unit: u32,
        pc: u32,
        frame: u32,
        context: Val<'a>,
    },
}
