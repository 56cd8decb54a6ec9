//! Puts functions that look alike next to each other in a WebAssembly module: what the compressor has
//! just seen costs it least. wasm-opt sorts functions by name, so this file gives them names in that order.

use std::{collections::HashMap, ops::Range};

/// How many of the smallest hashes stand for a function. More find likenesses better and take longer.
const MARKS: usize = 1024;
/// The length of the pieces of code that are compared, in bytes.
const PIECE: usize = 4;
/// Functions that are less alike, in thousandths, do not follow each other.
const LEAST: usize = 20;

/// The module with names for its functions by which they stand in the best order.
/// Nothing if it is not a module as wasm-opt writes it.
pub fn name_by_likeness(module: &[u8]) -> Option<Vec<u8>> {
    let mut out = module.get(..8)?.to_vec();
    let mut imported = 0;
    let mut order = Vec::new();
    for Section { id, whole, body } in sections(module)? {
        let bytes = module.get(body)?;
        match id {
            0 if Reader { bytes, at: 0 }.name()? == b"name" => continue,
            2 => imported = functions_imported(bytes)?,
            10 => order = by_likeness(&functions(bytes)?),
            _ => {}
        }
        out.extend_from_slice(module.get(whole)?);
    }
    let mut places = vec![0; order.len()];
    for (place, &function) in order.iter().enumerate() {
        places[function] = place;
    }
    out.extend(name_section(imported, &places));
    Some(out)
}

/// Every function's number, each after the one that is most like it of those before.
fn by_likeness(functions: &[&[u8]]) -> Vec<usize> {
    let marks: Vec<Vec<u64>> = functions.iter().map(|it| marks(it)).collect();
    let mut alike: HashMap<u64, Vec<usize>> = HashMap::new();
    for (function, marks) in marks.iter().enumerate() {
        for &mark in marks {
            alike.entry(mark).or_default().push(function);
        }
    }
    let mut starts: Vec<usize> = (0..functions.len()).collect();
    starts.sort_by_key(|&it| functions[it].len());
    let mut starts = starts.into_iter();
    let mut order = Vec::with_capacity(functions.len());
    let mut is_placed = vec![false; functions.len()];
    let mut shared = vec![0_usize; functions.len()];
    let mut seen = Vec::new();
    let mut next = starts.next();
    while let Some(current) = next {
        is_placed[current] = true;
        order.push(current);
        for mark in &marks[current] {
            let Some(others) = alike.get_mut(mark) else {
                continue;
            };
            others.retain(|&it| !is_placed[it]);
            for &other in others.iter() {
                if shared[other] == 0 {
                    seen.push(other);
                }
                shared[other] += 1;
            }
        }
        // In thousandths, of all pieces of both.
        let likeness = |it: usize| 1000 * shared[it] / (marks[current].len() + marks[it].len() - shared[it]);
        next = seen.iter().copied().max_by_key(|&it| (likeness(it), std::cmp::Reverse(it)));
        next = next.filter(|&it| likeness(it) > LEAST).or_else(|| starts.find(|&it| !is_placed[it]));
        seen.drain(..).for_each(|it| shared[it] = 0);
    }
    order
}

/// A sample of the pieces of a function's code: of the pieces whose hashes fall together, the smallest,
/// so that functions with much in common have the same ones.
fn marks(code: &[u8]) -> Vec<u64> {
    let mut marks = vec![u64::MAX; MARKS];
    for piece in code.windows(PIECE.min(code.len())) {
        let hash = piece.iter().fold(0xCBF2_9CE4_8422_2325, |hash, &byte| mix(hash ^ u64::from(byte)));
        let mark = &mut marks[(hash % MARKS as u64) as usize];
        *mark = hash.min(*mark);
    }
    marks.retain(|&it| it != u64::MAX);
    marks
}

fn mix(hash: u64) -> u64 {
    let hash = (hash ^ (hash >> 29)).wrapping_mul(0x9E37_79B9_7F4A_7C15);
    hash ^ (hash >> 32)
}

/// The section of names, with each function's place in the order as its name.
fn name_section(imported: u32, places: &[usize]) -> Vec<u8> {
    let mut names = Vec::new();
    write_number(&mut names, places.len() as u32);
    for (idx, place) in places.iter().enumerate() {
        write_number(&mut names, imported + idx as u32);
        write_bytes(&mut names, format!("{place:06}").as_bytes());
    }
    let mut body = Vec::new();
    write_bytes(&mut body, b"name");
    body.push(1);
    write_bytes(&mut body, &names);
    let mut section = vec![0];
    write_bytes(&mut section, &body);
    section
}

struct Section {
    id: u8,
    whole: Range<usize>,
    body: Range<usize>,
}

fn sections(module: &[u8]) -> Option<Vec<Section>> {
    let mut reader = Reader { bytes: module, at: 8 };
    let mut found = Vec::new();
    while reader.at < module.len() {
        let start = reader.at;
        let id = reader.byte()?;
        let length = reader.number()? as usize;
        let body = reader.at..reader.at + length;
        reader.at = body.end;
        found.push(Section { id, whole: start..body.end, body });
    }
    Some(found)
}

fn functions(section: &[u8]) -> Option<Vec<&[u8]>> {
    let mut reader = Reader { bytes: section, at: 0 };
    (0..reader.number()?).map(|_| reader.name()).collect()
}

fn functions_imported(section: &[u8]) -> Option<u32> {
    let mut reader = Reader { bytes: section, at: 0 };
    let mut count = 0;
    for _ in 0..reader.number()? {
        reader.name()?;
        reader.name()?;
        match reader.byte()? {
            0 => {
                count += 1;
                reader.number()?;
            }
            // Neither tables, memories nor globals are imported by what wasm-bindgen writes.
            _ => return None,
        }
    }
    Some(count)
}

/// Reads numbers (LEB128) and lengths.
struct Reader<'a> {
    bytes: &'a [u8],
    at: usize,
}

impl<'a> Reader<'a> {
    fn byte(&mut self) -> Option<u8> {
        self.at += 1;
        self.bytes.get(self.at - 1).copied()
    }

    fn number(&mut self) -> Option<u32> {
        let mut number = 0;
        for shift in (0..35).step_by(7) {
            let byte = self.byte()?;
            number |= u32::from(byte & 127) << shift;
            if byte < 128 {
                return Some(number);
            }
        }
        None
    }

    fn name(&mut self) -> Option<&'a [u8]> {
        let length = self.number()? as usize;
        let start = self.at;
        self.at += length;
        self.bytes.get(start..self.at)
    }
}

fn write_number(out: &mut Vec<u8>, mut number: u32) {
    while number > 127 {
        out.push(number as u8 | 128);
        number >>= 7;
    }
    out.push(number as u8);
}

fn write_bytes(out: &mut Vec<u8>, bytes: &[u8]) {
    write_number(out, bytes.len() as u32);
    out.extend_from_slice(bytes);
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn functions_that_are_alike_follow_each_other() {
        let code = |seed: u8, end: u8| -> Vec<u8> {
            (0..60_u8).map(|it| it.wrapping_mul(seed)).chain([end; 3]).collect()
        };
        let functions = [code(3, 1), code(7, 1), code(3, 2), code(7, 2), code(3, 3)];
        let functions: Vec<&[u8]> = functions.iter().map(Vec::as_slice).collect();
        let order = by_likeness(&functions);
        assert!(
            [[0, 2, 4, 1, 3], [0, 4, 2, 1, 3]].contains(&[order[0], order[1], order[2], order[3], order[4]])
        );
    }

    #[test]
    fn a_module_gets_a_name_for_each_function_that_it_has() {
        // Two imported functions and one of its own.
        let import = [1, b'a', 1, b'b', 0, 0];
        let imports = [&[2, 13, 2][..], &import, &import].concat();
        let module = [b"\0asm\x01\0\0\0", &imports[..], &[10, 4, 1, 2, 0, 0x0b]].concat();
        let named = name_by_likeness(&module).expect("a module");
        assert_eq!(named[module.len()..], *b"\0\x10\x04name\x01\x09\x01\x02\x06000000");
    }

    #[test]
    fn what_is_cut_off_is_no_module() {
        assert_eq!(name_by_likeness(b"\0asm\x01\0\0\0\x0a\x04\x01"), None);
    }
}
