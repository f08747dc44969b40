//! The parameters of the call, and who they name.

/// What stood in the path, as it came.
#[derive(Debug, Clone, Copy)]
pub(crate) struct Call<'a> {
    pub id: &'a str,
    pub user_type: &'a str,
    pub identification_completed: &'a str,
}

/// The owner of one enrollment: an individual and a merchant may share an id.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub(crate) struct User {
    pub id: u32,
    pub kind: UserType,
}

#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub(crate) enum UserType {
    Individual,
    Merchant,
}

impl UserType {
    /// The gateway's number for it.
    pub fn number(self) -> u8 {
        match self {
            Self::Individual => 0,
            Self::Merchant => 1,
        }
    }
}

/// A parameter that the gateway does not take, and why, as problem details name it.
pub(crate) type Fault = (&'static str, String);

impl Call<'_> {
    /// The user that the path names, whatever the flag says.
    pub fn names(&self) -> Option<User> {
        Some(User { id: id(self.id)?, kind: user_type(self.user_type)? })
    }

    /// The user to answer for, or everything that is wrong.
    pub fn user(&self) -> Result<User, Vec<Fault>> {
        let mut faults = Vec::new();
        if id(self.id).is_none() {
            faults.push(("Id", format!("'{}' is not a user id.", self.id)));
        }
        if user_type(self.user_type).is_none() {
            let text = format!("'{}' is not a user type.", self.user_type);
            faults.push(("UserType", text));
        }
        if !self.identification_completed.eq_ignore_ascii_case("true") {
            let text = "Identification has to be completed first.".to_owned();
            faults.push(("IsIdentificationCompleted", text));
        }
        match self.names() {
            Some(user) if faults.is_empty() => Ok(user),
            Some(_) | None => Err(faults),
        }
    }
}

/// An int32 from 1 on, in plain digits.
fn id(text: &str) -> Option<u32> {
    let digits = text.bytes().all(|byte| byte.is_ascii_digit());
    let id: i32 = text.parse().ok().filter(|id| digits && *id > 0)?;
    u32::try_from(id).ok()
}

fn user_type(text: &str) -> Option<UserType> {
    match text {
        "0" => Some(UserType::Individual),
        "1" => Some(UserType::Merchant),
        _ => None,
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn call<'a>(id: &'a str, user_type: &'a str, flag: &'a str) -> Call<'a> {
        Call { id, user_type, identification_completed: flag }
    }

    #[test]
    fn every_int32_from_one_on_is_an_id() {
        for id in ["1", "2147483647"] {
            assert!(call(id, "0", "true").user().is_ok(), "{id}");
        }
        for id in ["", "0", "-1", "+1", "2147483648", "１", "1.0", " 1", "x"] {
            let faults = call(id, "0", "true").user().expect_err(id);
            assert_eq!(faults.len(), 1, "{id}");
            assert_eq!(faults[0].0, "Id");
        }
    }

    #[test]
    fn every_fault_is_named() {
        let faults = call("0", "2", "false").user().expect_err("all wrong");
        let fields: Vec<_> = faults.iter().map(|(field, _)| *field).collect();
        assert_eq!(fields, ["Id", "UserType", "IsIdentificationCompleted"]);
    }
}
