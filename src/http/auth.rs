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
    pub(super) async fn caller(&self, request: &RequestContext, needs: Permission) -> Result<Caller, Refusal> {
        Ok(self.holder(request, needs).await?.caller)
    }

    /// The same, with the time until which the token is good.
    pub(super) async fn holder(&self, request: &RequestContext, needs: Permission) -> Result<Holder, Refusal> {
        let holder = self.bearer(request).await?;
        self.admit(holder, request, needs)
    }

    /// What a few point reads find for the customer who asks, on the snapshot in which their token was found good.
    pub(super) async fn read<T>(
        &self,
        request: &RequestContext,
        needs: Permission,
        mut work: impl FnMut(&mut dyn Unit, &Caller) -> Result<T, Error> + Send,
    ) -> Result<T, Refusal> {
        if let Bearer::Token(token) = &request.bearer
            && TokenText::is_ours(token)
        {
            let now = self.now();
            let found = self.store.read(|unit| {
                let holder = authenticate(unit, token, now)?;
                Ok(self.admit(holder, request, needs).and_then(|holder| Ok(work(unit, &holder.caller)?)))
            });
            return found.await?;
        }
        let holder = self.holder(request, needs).await?;
        Ok(self.store.read(|unit| work(unit, &holder.caller)).await?)
    }

    /// The holder of a good token, once its permissions suffice and the rate is kept.
    fn admit(&self, mut holder: Holder, request: &RequestContext, needs: Permission) -> Result<Holder, Refusal> {
        let principal = holder.caller.principal();
        request.set_principal(principal.clone());
        // Every endpoint that takes a token is a customer's.
        principal.customer()?;
        holder.caller.require(needs)?;
        if let Some(limiter) = &self.limiter {
            limiter.check(principal)?;
        }
        if let Some(id) = &request.id {
            holder.caller = holder.caller.asking(id.clone());
        }
        Ok(holder)
    }

    /// Whom the token names, as long as it is good.
    async fn bearer(&self, request: &RequestContext) -> Result<Holder, Refusal> {
        let token = match &request.bearer {
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
        self.store.read(|unit| all.iter().map(|request| self.refusal(unit, request, needs, now)).collect()).await
    }

    fn refusal(
        &self,
        unit: &mut dyn Unit,
        request: &RequestContext,
        needs: Permission,
        now: Timestamp,
    ) -> Result<Option<Error>, Error> {
        let held = match &request.bearer {
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
