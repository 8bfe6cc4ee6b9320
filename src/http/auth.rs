//! From a bearer token to a caller (RFC 6750): a token of this store, or one of the platform's own.

use super::Desk;
use super::asked::{Asked, Bearer};
use super::reply::Refusal;
use crate::desk::authenticate::authenticate;
use crate::model::person::{Caller, Permission};
use crate::model::token::TokenText;
use crate::model::{CustomerId, Error};

impl Desk {
    /// The customer who asks, once the token is good, its role and permission suffice, and the rate is kept.
    pub(super) async fn caller(&self, asked: &Asked, needs: Permission) -> Result<(CustomerId, Caller), Refusal> {
        let (customer, caller) = self.bearer(asked).await?;
        asked.came_from(customer);
        caller.may(needs)?;
        if let Some(limiter) = &self.limiter {
            limiter.check(customer)?;
        }
        let caller = match &asked.id {
            Some(id) => caller.asking(id.clone()),
            None => caller,
        };
        Ok((customer, caller))
    }

    /// Whom the token names, as long as it is good.
    async fn bearer(&self, asked: &Asked) -> Result<(CustomerId, Caller), Refusal> {
        let token = match &asked.bearer {
            Bearer::Token(token) => token,
            Bearer::None => return Err(Refusal::NoToken),
            Bearer::Several => return Err(Refusal::SeveralTokens),
        };
        let now = self.now();
        if TokenText::is_ours(token) {
            return Ok(self.store.read(|unit| authenticate(unit, token, now))?);
        }
        match &self.identity {
            Some(identity) => Ok(identity.verify(token, now).await?),
            None => Err(Error::BadToken.into()),
        }
    }
}

impl From<Error> for Refusal {
    fn from(error: Error) -> Self {
        Self::Desk(error)
    }
}
