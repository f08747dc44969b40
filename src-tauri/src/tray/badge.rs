//! A number on the icon, small enough for a tray.

/// Three by five points for each of `0` to `9` and `+`, row by row from the top.
const GLYPHS: [[u8; 5]; 11] = [
    [0b111, 0b101, 0b101, 0b101, 0b111],
    [0b010, 0b110, 0b010, 0b010, 0b111],
    [0b111, 0b001, 0b111, 0b100, 0b111],
    [0b111, 0b001, 0b111, 0b001, 0b111],
    [0b101, 0b101, 0b111, 0b001, 0b001],
    [0b111, 0b100, 0b111, 0b001, 0b111],
    [0b111, 0b100, 0b111, 0b101, 0b111],
    [0b111, 0b001, 0b010, 0b010, 0b010],
    [0b111, 0b101, 0b111, 0b101, 0b111],
    [0b111, 0b101, 0b111, 0b001, 0b111],
    [0b000, 0b010, 0b111, 0b010, 0b000],
];
const PLUS: usize = 10;
/// A point of a glyph is so many of the icon's on each side.
const SCALE: u32 = 3;
/// Alpha, red, green, blue.
const FIELD: [u8; 4] = [0xff, 0xb0, 0x26, 0x1c];
const FIGURE: [u8; 4] = [0xff, 0xff, 0xff, 0xff];

/// The icon's points as trays take them (ARGB), with a count in its lower right corner where there
/// is one to show: a figure, two, or `9+` where two have no room.
pub fn with_count(rgba: &[u8], side: u32, count: u32) -> Vec<u8> {
    let mut argb: Vec<u8> =
        rgba.chunks_exact(4).flat_map(|it| [it[3], it[0], it[1], it[2]]).collect();
    let glyphs = match count {
        0 => return argb,
        1..=9 => vec![count as usize],
        10..=99 => vec![(count / 10) as usize, (count % 10) as usize],
        100.. => vec![9, PLUS],
    };
    let wide = u32::try_from(glyphs.len()).unwrap_or_default() * 4 * SCALE + 1;
    let high = 7 * SCALE;
    let (left, top) = (side.saturating_sub(wide), side.saturating_sub(high));
    for y in top..side {
        for x in left..side {
            dot(&mut argb, side, x, y, FIELD);
        }
    }
    for (nth, glyph) in (0..).zip(glyphs) {
        let at = left + SCALE / 2 + 1 + nth * 4 * SCALE;
        draw(&mut argb, side, (at, top + SCALE), glyph);
    }
    argb
}

fn draw(argb: &mut [u8], side: u32, (left, top): (u32, u32), glyph: usize) {
    for (row, line) in (0..).zip(GLYPHS[glyph]) {
        for column in (0..3).filter(|column| line >> (2 - column) & 1 == 1) {
            for point in 0..SCALE * SCALE {
                let x = left + column * SCALE + point % SCALE;
                let y = top + row * SCALE + point / SCALE;
                dot(argb, side, x, y, FIGURE);
            }
        }
    }
}

fn dot(argb: &mut [u8], side: u32, x: u32, y: u32, colour: [u8; 4]) {
    let at = (y * side + x) as usize * 4;
    if x < side
        && let Some(point) = argb.get_mut(at..at + 4)
    {
        point.copy_from_slice(&colour);
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn figures(argb: &[u8]) -> usize {
        argb.chunks_exact(4).filter(|point| **point == FIGURE).count()
    }

    #[test]
    fn nobody_waiting_leaves_the_icon_as_it_is_but_for_the_order_of_its_bytes() {
        assert_eq!(with_count(&[1, 2, 3, 4, 5, 6, 7, 8], 2, 0), [4, 1, 2, 3, 8, 5, 6, 7]);
    }

    #[test]
    fn every_count_is_told_apart_and_keeps_within_the_icon() {
        let icon = vec![0; 32 * 32 * 4];
        let all: Vec<_> = (1..=100).map(|count| with_count(&icon, 32, count)).collect();
        assert!(all.iter().all(|it| it.len() == icon.len() && figures(it) > 0));
        for (nth, one) in all.iter().enumerate() {
            assert!(!all[nth + 1..].contains(one), "{}", nth + 1);
        }
        assert_eq!(with_count(&icon, 32, 100), with_count(&icon, 32, u32::MAX));
    }

    #[test]
    fn an_icon_that_is_too_small_is_no_reason_to_fail() {
        assert_eq!(with_count(&[0; 16], 2, 12).len(), 16);
    }
}
