//! Putting enrollments on the list.

use super::{
    Desk,
    act::phase_after,
    record::Record,
    view::{Add, Done, Key, Refused},
};
use crate::{
    enrollment::{Event, How, LONGEST_LABEL, User, UserId, UserIdError, visible},
    time::Moment,
};

impl Desk {
    pub(super) fn add(&mut self, add: &Add, how: How, now: Moment) -> super::Reply {
        self.somebody_is_here()?;
        if self.is_read_only() {
            return Err(Refused::ReadOnly);
        }
        let site =
            self.site(&add.environment).ok_or_else(|| match self.place(&add.environment) {
                Some(_) => Refused::Withdrawn,
                None => Refused::UnknownEnvironment,
            })?;
        let id: UserId = add.id.parse().map_err(|rule: UserIdError| Refused::BadId { rule })?;
        let label = add.label.trim();
        if label.chars().count() > LONGEST_LABEL {
            return Err(Refused::LabelTooLong);
        }
        let user = User { id, user_type: add.user_type };
        let removed = self.check_new(site, user, add.both_types)?;

        let key = self.place_new(site, user, removed, now);
        if let Some(record) = self.table.get_mut(&key) {
            record.label = visible(label);
            record.place = add.place;
        }
        self.note(key, Event::Added { customer: add.customer }, now);
        if let Some(says) = add.customer.says() {
            self.state(key, says, how, now);
            self.begin(key, phase_after(says), now);
        }
        Ok(Done::Added { key, normalised: add.id != id.to_string() })
    }

    /// Puts a user on the list who may be there; in place of the one who was removed a moment ago,
    /// where there is one.
    pub(super) fn place_new(
        &mut self,
        site: usize,
        user: User,
        removed: Option<Key>,
        now: Moment,
    ) -> Key {
        let key = Key(self.next_key);
        self.next_key += 1;
        let mut record = Record::new(key, user, site, now);
        // Removed a moment ago and wanted again: the old one can no longer be restored, and what
        // the gateway was asked and said of it still counts.
        if let Some(old) = removed.and_then(|old| self.table.remove(&old)) {
            self.ledger.leaves(old.kept(&self.sites[site].environment.name, now));
            (record.spoke, record.not_before) = (old.spoke, old.not_before);
        }
        if let Some(until) = self.waits.remove(&(site, user)) {
            record.not_before = until;
        }
        self.table.insert(key, Box::new(record));
        self.users.insert((site, user), key);
        key
    }

    /// Whether this user may be added; the enrollment that was removed a moment ago, where there
    /// is one.
    pub(super) fn check_new(
        &self,
        site: usize,
        user: User,
        both: bool,
    ) -> Result<Option<Key>, Refused> {
        let find = |user: User| self.table.get(self.users.get(&(site, user))?);
        let here = |user: User| find(user).filter(|r| r.removed.is_none());
        if let Some(record) = here(user) {
            return Err(Refused::AlreadyHere { key: record.key });
        }
        match here(User { user_type: user.user_type.other(), ..user }) {
            Some(record) if !both => Err(Refused::OtherType { key: record.key }),
            Some(_) | None => Ok(find(user).map(|r| r.key)),
        }
    }
}
