//! People: they add, press, stop, enter tokens, at any moment and not always the right thing.

use enrollment_core::{
    desk::{
        Arrival, Attendance, Person, Ticket,
        view::{Action, Add, Key, Row, StepView, TokenState, Way},
    },
    enrollment::{Customer, GaveUp, How, Place, User, UserType},
};

use crate::{
    dice::Dice,
    tokens::{self, Kind},
    world::World,
};

/// What somebody is about to do.
#[derive(Clone, Copy, Debug)]
pub enum Deed {
    Add,
    Anything,
    /// Acts on this user's enrollment, of which a poll is out.
    Interfere(usize, User),
    /// Hands an environment another token, or takes its token away.
    Token(usize),
    /// The gateway takes back every token it issued.
    Revoke(usize),
}

pub fn does(world: &mut World, deed: Deed) {
    match deed {
        Deed::Add => add(world),
        Deed::Anything => anything(world),
        Deed::Interfere(site, user) => interferes(world, site, user),
        Deed::Token(site) => hands_token(world, site),
        Deed::Revoke(site) => {
            let now = world.clock.now().mono;
            world.gateways[site].tokens.revoke(now);
        }
    }
}

fn add(world: &mut World) {
    let dice = &mut world.dice;
    // Fewer ids than people, now and then, so that some are added twice and in both types.
    let ids = if dice.chance(300) { world.plan.crowd / 2 + 1 } else { 1_000_000 };
    let site = dice.below(u32::try_from(world.plan.sites.len()).unwrap_or(1)) as usize;
    let id = 1 + dice.below(ids);
    let user_type = *dice.pick(&[UserType::Individual, UserType::Merchant]);
    let customer = dice.weighted(&[
        (15, Customer::StillIdentifying),
        (65, Customer::IdentificationFinished),
        (20, Customer::SigningFinished),
    ]);
    let add = Add {
        environment: world.plan.sites[site].environment.name.clone(),
        id: id.to_string(),
        user_type,
        label: "Иванова, М.".to_owned(),
        place: if dice.chance(700) { Place::Desk } else { Place::Remote },
        customer,
        both_types: dice.chance(500),
    };
    let row = |row: &&Row| row.id == id && row.environment == add.environment;
    if world.observer.told.rows.values().any(|r| row(&r)) {
        world.observer.census.count("people: added again");
    }
    let ticket = next_ticket(world);
    world.post(Arrival::Add { ticket, add, how: How::Adding });
}

fn next_ticket(world: &mut World) -> Ticket {
    world.tickets += 1;
    Ticket(world.tickets)
}

fn anything(world: &mut World) {
    let site = world.dice.below(u32::try_from(world.plan.sites.len()).unwrap_or(1)) as usize;
    let state = world.observer.told.environments.get(site).map(|it| it.token.state);
    let waits = !matches!(
        state,
        None | Some(TokenState::Accepted | TokenState::Unchecked | TokenState::Reading)
    );
    if waits && world.dice.chance(600) && world.plan.attendance == Attendance::Attended {
        return hands_token(world, site);
    }
    match world.dice.below(1_000) {
        0..3 => world.post(Arrival::StopAll),
        3..6 if world.plan.attendance == Attendance::Attended => {
            let ticket = next_ticket(world);
            world.post(Arrival::Person { ticket, does: Person::EndsShift });
        }
        3..60 => add(world),
        60..100 => restores(world),
        _ => presses(world),
    }
}

fn hands_token(world: &mut World, site: usize) {
    let now = world.clock.now().mono;
    let dice = &mut world.dice;
    let environment = world.plan.sites[site].environment.name.clone();
    if dice.chance(80) {
        world.observer.census.count("token: forgotten");
        return world.post(Arrival::TokenForgotten { environment });
    }
    let (kind, what) = dice.weighted(&[
        (75, (Kind::Good, "token: good one entered")),
        (15, (Kind::Bad, "token: bad one entered")),
        (10, (Kind::WrongScope, "token: one of the wrong scope entered")),
    ]);
    let life = tokens::life(dice);
    let token = world.gateways[site].tokens.issue(kind, now, life);
    let session_only = dice.chance(300);
    world.observer.census.count(what);
    world.post(Arrival::Token { environment, token, session_only });
}

/// Undoes a removal; now and then one that was not, or not any more.
fn restores(world: &mut World) {
    let Some((key, state)) = world.removed.pop() else { return };
    let ticket = next_ticket(world);
    world.post(Arrival::Act { ticket, key, state, action: Action::Restore });
}

fn presses(world: &mut World) {
    let rows = &world.observer.told.rows;
    let Ok(many) = u32::try_from(rows.len()) else { return };
    if many == 0 {
        return;
    }
    let nth = world.dice.below(many) as usize;
    let Some(row) = rows.values().nth(nth) else { return };
    let sensibly = world.dice.chance(650);
    let action = if sensibly { sensible(row, &mut world.dice) } else { any(row, &mut world.dice) };
    acts(world, row.key, row.state, action);
}

/// Acts on an enrollment while a poll of it is out.
fn interferes(world: &mut World, site: usize, user: User) {
    let Some(row) = world.observer.told.row_of(site, user) else { return };
    let action = any(row, &mut world.dice);
    acts(world, row.key, row.state, action);
}

/// Acts on an enrollment that was shown in a state; now and then in another one.
fn acts(world: &mut World, key: Key, shown: u32, action: Action) {
    let state = match world.dice.below(10) {
        0 => shown.wrapping_sub(1),
        1 => world.dice.below(shown + 2),
        _ => shown,
    };
    if action == Action::Remove {
        world.removed.push((key, state));
    }
    let ticket = next_ticket(world);
    world.post(Arrival::Act { ticket, key, state, action });
}

/// What the step asks for.
fn sensible(row: &Row, dice: &mut Dice) -> Action {
    match &row.step {
        StepView::Expected => Action::IdentificationFinished,
        StepView::PreSign { .. } => Action::CheckNow,
        StepView::Ready | StepView::PostSign { .. } => opens(row, dice),
        StepView::NewLinkNeeded => Action::NewLink,
        StepView::Signing => {
            if dice.chance(400) {
                Action::SigningFinished
            } else if dice.chance(300) {
                Action::Returned
            } else {
                opens(row, dice)
            }
        }
        StepView::Signed => Action::HandedOn,
        StepView::HandedOn => Action::Remove,
        StepView::Ended { .. } => {
            if dice.chance(550) {
                Action::WatchAgain
            } else if dice.chance(700) {
                Action::CheckNow
            } else {
                looks(row, dice)
            }
        }
    }
}

/// Wants another look within half an hour of the last step, which may be over; or takes it back.
fn looks(row: &Row, dice: &mut Dice) -> Action {
    let after = i64::from(dice.below(1_800)) * 1_000;
    Action::LookAgain { at: dice.chance(850).then_some(row.since + after) }
}

fn opens(row: &Row, dice: &mut Dice) -> Action {
    let newest = row.link.as_ref().map_or(0, |link| link.generation);
    let generation = if dice.chance(900) { newest } else { dice.below(newest + 2) };
    let way = dice.weighted(&[(50, Way::Browser), (25, Way::Clipboard), (25, Way::QrCode)]);
    Action::HandOver { way, generation, confirmed: dice.chance(850), here: dice.chance(850) }
}

fn note(dice: &mut Dice) -> String {
    let words = ["", "ще се обади", "called\nback", "\u{202e}txt"];
    (*dice.pick(&words)).to_owned()
}

fn any(row: &Row, dice: &mut Dice) -> Action {
    match dice.below(15) {
        0 => Action::IdentificationFinished,
        1 => Action::SigningFinished,
        2 => Action::CheckNow,
        3 => Action::NewLink,
        4 => opens(row, dice),
        5 => Action::Stop,
        6 => Action::WatchAgain,
        7 => Action::GaveUp { reason: *dice.pick(&[GaveUp::FailPage, GaveUp::SaidSo]) },
        8 => Action::HandedOn,
        9 => Action::Remove,
        10 => Action::Restore,
        11 if dice.chance(300) => Action::Forget,
        11 => Action::Note { note: note(dice) },
        12 => Action::Returned,
        13 => looks(row, dice),
        _ => {
            if dice.chance(300) {
                Action::WrongId
            } else {
                Action::CheckNow
            }
        }
    }
}
