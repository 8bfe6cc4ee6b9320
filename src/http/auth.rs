//! From a bearer token to a caller (RFC 6750).

use super::Desk;
use super::asked::{Asked, Bearer};
use super::reply::Refusal;
use crate::desk::authenticate::authenticate;
use crate::model::person::{Caller, Holder, Permission};
use crate::model::token::TokenText;
use crate::model::{CustomerId, Error};

impl Desk {
    /// The customer who asks, once the token is good, its role and permission suffice, and the rate is kept.
    pub(super) async fn caller(&self, asked: &Asked, needs: Permission) -> Result<(CustomerId, Caller), Refusal> {
        let holder = self.holder(asked, needs).await?;
        Ok((holder.customer, holder.caller))
    }

    /// The same, with the time until which the token is good.
    pub(super) async fn holder(&self, asked: &Asked, needs: Permission) -> Result<Holder, Refusal> {
        let mut holder = self.bearer(asked).await?;
        asked.came_from(holder.customer);
        holder.caller.may(needs)?;
        if let Some(limiter) = &self.limiter {
            limiter.check(holder.customer)?;
        }
        if let Some(id) = &asked.id {
            holder.caller = holder.caller.asking(id.clone());
        }
        Ok(holder)
    }

    /// Whom the token names, as long as it is good.
    async fn bearer(&self, asked: &Asked) -> Result<Holder, Refusal> {
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

    /// Refuses whoever asked with a token of this store that was taken back since. What others signed is good until its
    /// time is over.
    pub(super) fn still_holds(&self, asked: &Asked, needs: Permission) -> Result<(), Error> {
        match &asked.bearer {
            Bearer::Token(token) if TokenText::is_ours(token) => {
                let now = self.now();
                self.store.read(|unit| authenticate(unit, token, now))?.caller.may(needs)
            }
            Bearer::Token(_) | Bearer::None | Bearer::Several => Ok(()),
        }
    }
}

impl From<Error> for Refusal {
    fn from(error: Error) -> Self {
        Self::Desk(error)
    }
}
