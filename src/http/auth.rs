//! From a bearer token to a caller (RFC 6750).

use super::AppState;
use super::reply::Refusal;
use super::request::{Bearer, RequestContext};
use crate::desk::authenticate::authenticate;
use crate::model::permission::Permission;
use crate::model::principal::{Caller, Holder};
use crate::model::token::TokenText;
use crate::model::{Error, Kind, Timestamp, TokenError};
use crate::store::Unit;

impl AppState {
    /// The caller, once the token is good, its role and permission suffice, and the rate is kept.
    pub(super) async fn caller(&self, asked: &RequestContext, needs: Permission) -> Result<Caller, Refusal> {
        Ok(self.holder(asked, needs).await?.caller)
    }

    /// The same, with the time until which the token is good.
    pub(super) async fn holder(&self, asked: &RequestContext, needs: Permission) -> Result<Holder, Refusal> {
        let holder = self.bearer(asked).await?;
        self.admit(holder, asked, needs)
    }

    /// What a few point reads find for the customer who asks, on the snapshot in which their token was found good.
    pub(super) async fn look<T>(
        &self,
        asked: &RequestContext,
        needs: Permission,
        mut work: impl FnMut(&mut dyn Unit, &Caller) -> Result<T, Error> + Send,
    ) -> Result<T, Refusal> {
        if let Bearer::Token(token) = &asked.bearer
            && TokenText::is_ours(token)
        {
            let now = self.now();
            let found = self.store.read(|unit| {
                let holder = authenticate(unit, token, now)?;
                Ok(self.admit(holder, asked, needs).and_then(|holder| Ok(work(unit, &holder.caller)?)))
            });
            return found.await?;
        }
        let holder = self.holder(asked, needs).await?;
        Ok(self.store.read(|unit| work(unit, &holder.caller)).await?)
    }

    /// The holder of a good token, once its permissions suffice and the rate is kept.
    fn admit(&self, mut holder: Holder, asked: &RequestContext, needs: Permission) -> Result<Holder, Refusal> {
        let principal = holder.caller.principal();
        asked.set_principal(principal.clone());
        // Every endpoint that takes a token is a customer's.
        principal.customer()?;
        holder.caller.require(needs)?;
        if let Some(limiter) = &self.limiter {
            limiter.check(principal)?;
        }
        if let Some(id) = &asked.id {
            holder.caller = holder.caller.asking(id.clone());
        }
        Ok(holder)
    }

    /// Whom the token names, as long as it is good.
    async fn bearer(&self, asked: &RequestContext) -> Result<Holder, Refusal> {
        let token = match &asked.bearer {
            Bearer::Token(token) => token,
            Bearer::None => return Err(Refusal::NoToken),
            Bearer::Several => return Err(Refusal::SeveralTokens),
        };
        let now = self.now();
        if TokenText::is_ours(token) {
            return Ok(self.store.read(|unit| authenticate(unit, token, now)).await?);
        }
        match &self.identity {
            Some(identity) => Ok(identity.verify(token, now).await?),
            None => Err(Error::from(TokenError::Foreign).into()),
        }
    }

    /// Why each of those who asked is refused by now: their token was revoked, or its key is no longer in use. One read
    /// tells it of all.
    ///
    /// # Errors
    /// What keeps us from knowing.
    pub(super) async fn refusals(
        &self,
        all: &[&RequestContext],
        needs: Permission,
    ) -> Result<Vec<Option<Error>>, Error> {
        let now = self.now();
        self.store.read(|unit| all.iter().map(|asked| self.refusal(unit, asked, needs, now)).collect()).await
    }

    fn refusal(
        &self,
        unit: &mut dyn Unit,
        asked: &RequestContext,
        needs: Permission,
        now: Timestamp,
    ) -> Result<Option<Error>, Error> {
        let held = match &asked.bearer {
            Bearer::Token(token) if TokenText::is_ours(token) => {
                authenticate(unit, token, now).and_then(|holder| holder.caller.require(needs))
            }
            Bearer::Token(token) => match &self.identity {
                Some(identity) => identity.still_believes(token, now),
                None => Err(TokenError::Foreign.into()),
            },
            Bearer::None | Bearer::Several => Ok(()),
        };
        match held {
            Ok(()) => Ok(None),
            Err(error) if matches!(error.kind(), Kind::Unavailable | Kind::Broken) => Err(error),
            Err(error) => Ok(Some(error)),
        }
    }
}

impl From<Error> for Refusal {
    fn from(error: Error) -> Self {
        Self::Desk(error)
    }
}
