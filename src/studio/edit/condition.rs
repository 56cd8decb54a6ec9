//! The condition of a Choice rule: tests, and the And, Or and Not that combine them. Every verb
//! writes only the members that make the test; the operands that stay keep their spelling, and
//! whatever else the rule holds is not touched.

use crate::asl::fields::{Operand, Operator, operator};
use crate::json::{
    NodeId, NodeKind, ObjectEdit, Shape, Style, Tree, copy_value_text, decode, is_number, quote,
};
use crate::json::{duplicate_element, insert_element, remove_element};
use crate::studio::command::{ConditionChange, Refusal};
use crate::studio::edit::draft::Draft;
use crate::studio::edit::fields::{in_words, object_at, plan};
use crate::studio::edit::scene::Scene;
use crate::studio::edit::{Plan, refuse};

/// A member as it will be: its name and JSON text at the left margin.
type Part = (String, String);

/// The plan for a change of the condition at a pointer.
pub(super) fn change(scene: &Scene, owner: &str, change: &ConditionChange) -> Result<Plan, Refusal> {
    let object = object_at(scene, owner)?;
    let condition = Condition { tree: scene.tree, object };
    let mut draft = Draft::new(scene.tree);
    let label = match change {
        ConditionChange::Operator(name) => condition.test_with(&mut draft, known(name)?)?,
        ConditionChange::Wrap(name) => condition.wrap(&mut draft, known(name)?)?,
        ConditionChange::Unwrap => condition.unwrap(&mut draft)?,
        ConditionChange::Add(name) => condition.add(&mut draft, known(name)?)?,
        ConditionChange::Duplicate => condition.duplicate(&mut draft)?,
        ConditionChange::Remove => condition.remove(&mut draft)?,
    };
    plan(draft, &label, &format!("{label}{}", in_words(scene, owner)))
}

/// An object with a test, or with And, Or or Not.
#[derive(Clone, Copy)]
struct Condition<'t> {
    tree: &'t Tree,
    object: NodeId,
}

impl<'t> Condition<'t> {
    fn at(self, object: NodeId) -> Condition<'t> {
        Condition { object, ..self }
    }

    /// The operator with its operand.
    fn test(self) -> Option<(&'static Operator, NodeId)> {
        self.tree.members(self.object).iter().find_map(|it| Some((operator(&it.name)?, it.value)))
    }

    /// The names of the members that make the test, in their order.
    fn names(self) -> Vec<&'t str> {
        let names = self.tree.members(self.object).iter().map(|it| &*it.name);
        names.filter(|it| is_test(it)).collect()
    }

    /// The conditions that And, Or or Not combines.
    fn inner(self) -> Vec<NodeId> {
        match self.test() {
            Some((it, list)) if it.operand == Operand::Rules => self.tree.elements(list).to_vec(),
            Some((it, rule)) if it.operand == Operand::Rule => vec![rule],
            _ => Vec::new(),
        }
    }

    /// The And, Or or Not around it: the list or object it stands in, its place in a list, and the
    /// condition whose operand that is.
    fn around(self) -> Option<(NodeId, Option<usize>, Condition<'t>)> {
        let parent = self.tree.parent(self.object)?;
        if self.tree.kind(parent) == NodeKind::Object {
            let is_not = &*self.tree.member_of(self.object)?.name == "Not";
            return is_not.then_some((self.object, None, self.at(parent)));
        }
        let name = &self.tree.member_of(parent)?.name;
        let idx = self.tree.elements(parent).iter().position(|it| *it == self.object)?;
        let outer = self.tree.parent(parent)?;
        matches!(&**name, "And" | "Or").then_some((parent, Some(idx), self.at(outer)))
    }

    fn test_with(self, draft: &mut Draft<'t>, new: &'static Operator) -> Result<String, Refusal> {
        let label = format!("Test with {}", new.name);
        let old = self.test();
        match old {
            Some((old, _)) if old.name == new.name => return Ok(label),
            Some((old, operand)) if old.combines() && new.combines() => match (old.operand, new.operand) {
                (Operand::Rules, Operand::Rules) => {
                    draft.object(self.object, |it| it.rename(old.name, new.name));
                }
                (Operand::Rule, Operand::Rules) => {
                    let inner = copy_value_text(self.tree, operand);
                    self.rewrite(draft, vec![(new.name.to_owned(), self.listed(&inner))]);
                }
                _ => {
                    let inner = self.inner();
                    let [only] = inner.as_slice() else { return self.wrap(draft, new) };
                    self.rewrite(draft, vec![(new.name.to_owned(), copy_value_text(self.tree, *only))]);
                }
            },
            Some((old, _)) if old.combines() => {
                return refuse(format!("{} combines conditions; take them out of it first", old.name));
            }
            _ if new.combines() => return self.wrap(draft, new),
            _ => {
                let text = operand_text(self.tree, old, new);
                draft.object(self.object, |edit| {
                    let edit = match old {
                        Some((old, _)) => edit.rename(old.name, new.name),
                        None => edit,
                    };
                    match text {
                        Some(text) => edit.insert_text_after(Some("Variable"), new.name, &text),
                        None => edit,
                    }
                });
            }
        }
        Ok(label)
    }

    fn wrap(self, draft: &mut Draft<'t>, around: &'static Operator) -> Result<String, Refusal> {
        let inner = self.members_text(&self.parts());
        let operand = match around.operand {
            Operand::Rules => self.listed(&inner),
            Operand::Rule => inner,
            _ => return refuse(format!("{} does not combine conditions", around.name)),
        };
        self.rewrite(draft, vec![(around.name.to_owned(), operand)]);
        Ok(format!("Put {} around a condition", around.name))
    }

    fn unwrap(self, draft: &mut Draft<'t>) -> Result<String, Refusal> {
        let Some((old, _)) = self.test().filter(|it| it.0.combines()) else {
            return refuse("This condition combines no others");
        };
        match self.inner().as_slice() {
            [only] => {
                self.rewrite(draft, self.at(*only).parts());
                Ok(format!("Take {} away", old.name))
            }
            all => refuse(format!("{} combines {} conditions; leave one first", old.name, all.len())),
        }
    }

    fn add(self, draft: &mut Draft<'t>, with: &'static Operator) -> Result<String, Refusal> {
        let label = "Add condition".to_owned();
        let list = self.test().filter(|it| it.0.operand == Operand::Rules);
        let like = list.and_then(|(_, list)| self.tree.elements(list).last().copied()).unwrap_or(self.object);
        let variable = self.tree.get(like, "Variable").map(|it| self.tree.source(it));
        let variable = variable.filter(|it| it.starts_with('"')).unwrap_or("\"$.value\"");
        match list {
            Some((_, list)) if self.tree.kind(list) == NodeKind::Array => {
                let value = serde_json::json!({ "Variable": decode(variable), "IsPresent": true });
                draft.add(insert_element(self.tree, list, self.tree.elements(list).len(), &value));
            }
            _ if with.operand == Operand::Rules => {
                let fresh = [("Variable", variable), ("IsPresent", "true")];
                let fresh = fresh.map(|(name, text)| (name.to_owned(), text.to_owned()));
                let both = [self.members_text(&self.parts()), self.members_text(&fresh)];
                self.rewrite(draft, vec![(with.name.to_owned(), self.list_text(&both))]);
            }
            _ => return refuse("Only And and Or hold several conditions"),
        }
        Ok(label)
    }

    fn duplicate(self, draft: &mut Draft<'t>) -> Result<String, Refusal> {
        match self.around() {
            Some((list, Some(idx), _)) => {
                draft.add(duplicate_element(self.tree, list, idx));
                Ok("Duplicate condition".to_owned())
            }
            _ => refuse("Put And or Or around this condition first"),
        }
    }

    fn remove(self, draft: &mut Draft<'t>) -> Result<String, Refusal> {
        let label = "Remove condition".to_owned();
        let mut gone = self;
        // What would be left empty goes along; the way up is no longer than the nesting.
        while let Some((list, idx, outer)) = gone.around() {
            let all = outer.inner();
            match (idx, all.as_slice()) {
                (Some(_), [one, other]) => {
                    let kept = if *one == gone.object { *other } else { *one };
                    outer.rewrite(draft, outer.at(kept).parts());
                    return Ok(label);
                }
                (Some(idx), [_, _, ..]) => {
                    draft.add(remove_element(self.tree, list, idx));
                    return Ok(label);
                }
                _ => gone = outer,
            }
        }
        refuse("A rule needs a condition; remove the whole rule instead")
    }

    /// All members that a condition has, as texts. What belongs to the rule itself is not among them.
    fn parts(self) -> Vec<Part> {
        let members = self.tree.members(self.object).iter();
        let inner = members.filter(|it| is_test(&it.name) || self.is_condition() && &*it.name == "Comment");
        inner.map(|it| (it.name.to_string(), copy_value_text(self.tree, it.value))).collect()
    }

    /// It stands inside of And, Or or Not; otherwise it is a rule.
    fn is_condition(self) -> bool {
        self.around().is_some()
    }

    /// Puts other members in the place of those that make the test.
    fn rewrite(self, draft: &mut Draft<'t>, new: Vec<Part>) {
        let old: Vec<&str> = self.names();
        let taken = |name: &str| self.tree.get(self.object, name).is_some() && !old.contains(&name);
        let new: Vec<Part> = new.into_iter().filter(|(name, _)| !taken(name)).collect();
        draft.object(self.object, |edit| rewritten(edit, &old, &new));
    }

    /// An object with these members, set as this one is.
    fn members_text(self, parts: &[Part]) -> String {
        let style = Style::near(self.tree, self.object);
        let items: Vec<String> =
            parts.iter().map(|(name, text)| format!("{}{}{text}", quote(name), style.colon)).collect();
        self.container(&style, ("{", "}"), &items)
    }

    fn listed(self, item: &str) -> String {
        self.list_text(&[item.to_owned()])
    }

    fn list_text(self, items: &[String]) -> String {
        let style = Style::near(self.tree, self.object);
        match Shape::of(self.tree, self.object, &style) {
            Shape::OneLine { .. } => format!("[{}]", items.join(&style.comma)),
            Shape::Lines { .. } => self.container(&style, ("[", "]"), items),
        }
    }

    fn container(self, style: &Style, brackets: (&str, &str), items: &[String]) -> String {
        let (open, close) = brackets;
        match Shape::of(self.tree, self.object, style) {
            Shape::OneLine { padding } => {
                format!("{open}{padding}{}{padding}{close}", items.join(&style.comma))
            }
            Shape::Lines { .. } => {
                let lines = items.join(",\n").replace('\n', &format!("\n{}", style.unit));
                format!("{open}\n{}{lines}\n{close}", style.unit)
            }
        }
    }
}

/// Members that stay are not touched; of the others those that come take the places of those that
/// go, in order.
fn rewritten<'t>(mut edit: ObjectEdit<'t>, old: &[&str], new: &[Part]) -> ObjectEdit<'t> {
    let mut free = old.iter().filter(|name| !new.iter().any(|it| it.0 == **name));
    let mut before: Option<String> = None;
    for (name, text) in new {
        let is_there = old.contains(&name.as_str());
        if let Some(gone) = (!is_there).then(|| free.next()).flatten() {
            edit = edit.rename(gone, name);
        }
        let after = before.as_deref().or(old.last().copied());
        edit = edit.insert_text_after(after, name, text);
        before = Some(name.clone());
    }
    free.fold(edit, |edit, it| edit.remove(it))
}

/// The operand to write behind another operator; `None` keeps the one that is there.
fn operand_text(tree: &Tree, old: Option<(&Operator, NodeId)>, new: &Operator) -> Option<String> {
    let example = Some(example(new.operand).to_owned());
    let Some((before, node)) = old else { return example };
    let source = tree.source(node);
    let is_path = |it: Operand| it == Operand::Path;
    if is_path(before.operand) != is_path(new.operand) {
        return example;
    }
    let kind = tree.kind(node);
    let text = tree.string(node);
    match new.operand {
        Operand::Text | Operand::Pattern | Operand::Timestamp | Operand::Path => match kind {
            NodeKind::String => None,
            NodeKind::Number | NodeKind::True | NodeKind::False if new.operand != Operand::Timestamp => {
                Some(quote(source))
            }
            _ => example,
        },
        Operand::Number => match kind {
            NodeKind::Number => None,
            _ => text.map(|it| it.trim().to_owned()).filter(|it| is_number(it)).or(example),
        },
        _ => match kind {
            NodeKind::True | NodeKind::False => None,
            _ => text.map(|it| it.trim().to_owned()).filter(|it| it == "true" || it == "false").or(example),
        },
    }
}

/// A first operand, as JSON text.
pub(crate) fn example(operand: Operand) -> &'static str {
    match operand {
        Operand::Text => r#""text""#,
        Operand::Number => "0",
        Operand::Timestamp => r#""2026-01-01T00:00:00Z""#,
        Operand::Flag | Operand::IsKind => "true",
        Operand::Pattern => r#""text*""#,
        Operand::Path => r#""$.other""#,
        Operand::Rules => r#"[{"Variable":"$.value","IsPresent":true}]"#,
        Operand::Rule => r#"{"Variable":"$.value","IsPresent":true}"#,
    }
}

fn is_test(name: &str) -> bool {
    name == "Variable" || operator(name).is_some()
}

fn known(name: &str) -> Result<&'static Operator, Refusal> {
    operator(name).ok_or_else(|| Refusal(format!("There is no operator {name}")))
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::asl::Document;
    use crate::studio::command::Command;
    use crate::studio::edit;

    /// Changes the condition at a place of the rule; the rule afterwards, or the refusal.
    #[track_caller]
    fn check(rule: &str, place: &str, change: ConditionChange, expected: &str) {
        let before = format!(r#"{{"StartAt":"C","States":{{"C":{{"Type":"Choice","Choices":[{rule}]}}}}}}"#);
        let document = Document::new(before.as_str(), 0);
        let owner = format!("/States/C/Choices/0{place}");
        let plan = edit::plan(&document, &Command::ChangeCondition { owner, change });
        let after = match plan.expect("it is an edit") {
            Ok(plan) => plan.edit.apply(&before),
            Err(refusal) => return assert_eq!(refusal.0, expected),
        };
        assert_eq!(after, before.replace(rule, expected));
    }

    const TEST: &str = r#"{"Variable":"$.n","NumericGreaterThan":5.0,"Next":"A"}"#;

    fn operator(name: &str) -> ConditionChange {
        ConditionChange::Operator(name.into())
    }

    #[test]
    fn another_operator_keeps_an_operand_that_fits() {
        let less = r#"{"Variable":"$.n","NumericLessThan":5.0,"Next":"A"}"#;
        check(TEST, "", operator("NumericLessThan"), less);
        check(TEST, "", operator("StringEquals"), r#"{"Variable":"$.n","StringEquals":"5.0","Next":"A"}"#);
        check(TEST, "", operator("IsPresent"), r#"{"Variable":"$.n","IsPresent":true,"Next":"A"}"#);
        let path = r#"{"Variable":"$.n","NumericEqualsPath":"$.other","Next":"A"}"#;
        check(TEST, "", operator("NumericEqualsPath"), path);
        check(path, "", operator("StringEqualsPath"), &path.replace("Numeric", "String"));
        check(
            r#"{"Variable":"$.n","Next":"A"}"#,
            "",
            operator("IsNull"),
            r#"{"Variable":"$.n","IsNull":true,"Next":"A"}"#,
        );
        let text = r#"{"StringEquals":"7","Variable":"$.n"}"#;
        check(text, "", operator("NumericEquals"), r#"{"NumericEquals":7,"Variable":"$.n"}"#);
    }

    #[test]
    fn conditions_are_wrapped_and_unwrapped() {
        let and = r#"{"And":[{"Variable":"$.n","NumericGreaterThan":5.0}],"Next":"A"}"#;
        check(TEST, "", operator("And"), and);
        check(and, "", ConditionChange::Unwrap, TEST);
        check(and, "", operator("Or"), &and.replace("And", "Or"));
        let not = r#"{"Not":{"Variable":"$.n","NumericGreaterThan":5.0},"Next":"A"}"#;
        check(TEST, "", ConditionChange::Wrap("Not".into()), not);
        check(not, "", ConditionChange::Unwrap, TEST);
        check(not, "", operator("And"), and);
        check(and, "", operator("Not"), not);
        let nested = r#"{"And":[{"Not":{"Variable":"$.n","NumericGreaterThan":5.0}}],"Next":"A"}"#;
        check(and, "/And/0", ConditionChange::Wrap("Not".into()), nested);
        check(nested, "/And/0", ConditionChange::Unwrap, and);
        check(TEST, "", ConditionChange::Unwrap, "This condition combines no others");
        check(and, "", operator("IsNull"), "And combines conditions; take them out of it first");
    }

    #[test]
    fn the_last_but_one_condition_takes_the_combination_along() {
        let two = r#"{"Comment":"c","Or":[{"Variable":"$.n","IsNull":true},{"Variable":"$.m","IsNull":false}],"Next":"A"}"#;
        check(
            two,
            "/Or/0",
            ConditionChange::Remove,
            r#"{"Comment":"c","Variable":"$.m","IsNull":false,"Next":"A"}"#,
        );
        check(
            two,
            "/Or/1",
            ConditionChange::Remove,
            r#"{"Comment":"c","Variable":"$.n","IsNull":true,"Next":"A"}"#,
        );
        check(two, "", ConditionChange::Remove, "A rule needs a condition; remove the whole rule instead");
        let added = two.replace("false}]", r#"false},{"Variable":"$.m","IsPresent":true}]"#);
        check(two, "", ConditionChange::Add("And".into()), &added);
        check(&added, "/Or/2", ConditionChange::Remove, two);
        let both = r#"{"And":[{"Variable":"$.n","NumericGreaterThan":5.0},{"Variable":"$.n","IsPresent":true}],"Next":"A"}"#;
        check(TEST, "", ConditionChange::Add("And".into()), both);
        check(both, "/And/1", ConditionChange::Remove, TEST);
        check(
            both,
            "/And/1",
            ConditionChange::Duplicate,
            &both.replace("}],", r#"},{"Variable":"$.n","IsPresent":true}],"#),
        );
        let deep = r#"{"Or":[{"Not":{"Variable":"$.n","IsNull":true}},{"Variable":"$.m","IsNull":false}]}"#;
        check(deep, "/Or/0/Not", ConditionChange::Remove, r#"{"Variable":"$.m","IsNull":false}"#);
    }

    #[test]
    fn lines_stay_lines() {
        let rule = "{\n  \"Variable\": \"$.n\",\n  \"IsNull\": true,\n  \"Next\": \"A\"\n}";
        let wrapped = "{\n  \"And\": [\n    {\n      \"Variable\": \"$.n\",\n      \"IsNull\": true\n    }\n  ],\n  \"Next\": \"A\"\n}";
        check(rule, "", operator("And"), wrapped);
        check(wrapped, "", ConditionChange::Unwrap, rule);
    }

    #[test]
    fn a_comment_of_a_condition_goes_with_it() {
        let rule = r#"{"Not":{"Comment":"why","Variable":"$.n","IsNull":true},"Next":"A"}"#;
        check(
            rule,
            "",
            ConditionChange::Unwrap,
            r#"{"Comment":"why","Variable":"$.n","IsNull":true,"Next":"A"}"#,
        );
    }
}
