//! Authentication and authorization by bearer token (RFC 6750).

use super::AppState;
use super::auth_failures::Attempt;
use super::refusal::Refusal;
use super::request::{Bearer, RequestContext};
use crate::desk::authenticate::authenticate;
use crate::model::permission::Permission;
use crate::model::principal::{Caller, Holder};
use crate::model::token::TokenText;
use crate::model::{Error, Kind, Timestamp, TokenError};
use crate::store::Unit;

impl AppState {
    /// Authenticates the bearer token, requires the permission and counts the request against the rate limit.
    pub(super) async fn authorize(&self, request: &RequestContext, permission: Permission) -> Result<Caller, Refusal> {
        Ok(self.authorize_holder(request, permission).await?.caller)
    }

    /// Authorizes like [`Self::authorize`], and returns the expiry of the token too.
    pub(super) async fn authorize_holder(
        &self,
        request: &RequestContext,
        permission: Permission,
    ) -> Result<Holder, Refusal> {
        let holder = self.authenticate_bearer(request).await?;
        self.check_holder(holder, request, permission)
    }

    /// Authorizes the request and runs a few point reads. For a token of this store, both happen on one snapshot.
    pub(super) async fn read_authorized<T>(
        &self,
        request: &RequestContext,
        permission: Permission,
        mut work: impl FnMut(&mut dyn Unit, &Caller) -> Result<T, Error> + Send,
    ) -> Result<T, Refusal> {
        if let Bearer::Token(token) = &request.bearer
            && TokenText::has_prefix(token)
        {
            let now = self.now();
            let attempt = self.begin_attempt(request, token)?;
            let found = self.store.read(|unit| {
                let holder = authenticate(unit, token, now)?;
                Ok(self.check_holder(holder, request, permission).and_then(|holder| Ok(work(unit, &holder.caller)?)))
            });
            return end_attempt(attempt, found.await)?;
        }
        let holder = self.authorize_holder(request, permission).await?;
        Ok(self.store.read(|unit| work(unit, &holder.caller)).await?)
    }

    /// Requires the customer role and the permission, and counts the request against the rate limit.
    fn check_holder(
        &self,
        mut holder: Holder,
        request: &RequestContext,
        permission: Permission,
    ) -> Result<Holder, Refusal> {
        let principal = holder.caller.principal();
        request.set_principal(principal.clone());
        // Every authenticated endpoint belongs to the customer role.
        let customer = principal.customer()?;
        holder.caller.require(permission)?;
        if let Some(limiter) = &self.limiter {
            limiter.check(customer)?;
        }
        holder.caller = holder.caller.with_limits(self.customer_limits);
        if let Some(id) = &request.id {
            holder.caller = holder.caller.with_request(id.clone());
        }
        Ok(holder)
    }

    /// Authenticates the bearer token by the store or by the identity service.
    async fn authenticate_bearer(&self, request: &RequestContext) -> Result<Holder, Refusal> {
        let token = match &request.bearer {
            Bearer::Token(token) => token,
            Bearer::None => return Err(Refusal::NoToken),
            Bearer::Several => return Err(Refusal::SeveralTokens),
        };
        let now = self.now();
        let attempt = self.begin_attempt(request, token)?;
        let holder = if TokenText::has_prefix(token) {
            self.store.read(|unit| authenticate(unit, token, now)).await
        } else {
            match &self.identity {
                Some(identity) => identity.verify(token, now).await,
                None => Err(TokenError::Foreign.into()),
            }
        };
        Ok(end_attempt(attempt, holder)?)
    }

    /// Begins an attempt to authenticate, within the limit of failed tokens of the client's address.
    fn begin_attempt(&self, request: &RequestContext, token: &str) -> Result<Option<Attempt<'_>>, Refusal> {
        self.auth_failures.as_ref().map(|failures| failures.begin(request.client, token)).transpose()
    }

    /// Checks the tokens of open streams again, in one read: a token may be revoked, or its key removed. Returns the
    /// reason for each token that is no longer valid.
    ///
    /// # Errors
    /// The store or the identity keys are unavailable.
    pub(super) async fn recheck_tokens(
        &self,
        requests: &[&RequestContext],
        permission: Permission,
    ) -> Result<Vec<Option<Error>>, Error> {
        let now = self.now();
        self.store
            .read(|unit| requests.iter().map(|request| self.recheck_token(unit, request, permission, now)).collect())
            .await
    }

    fn recheck_token(
        &self,
        unit: &mut dyn Unit,
        request: &RequestContext,
        permission: Permission,
        now: Timestamp,
    ) -> Result<Option<Error>, Error> {
        let checked = match &request.bearer {
            Bearer::Token(token) if TokenText::has_prefix(token) => {
                authenticate(unit, token, now).and_then(|holder| holder.caller.require(permission))
            }
            Bearer::Token(token) => match &self.identity {
                Some(identity) => identity.recheck(token, now),
                None => Err(TokenError::Foreign.into()),
            },
            Bearer::None | Bearer::Several => Ok(()),
        };
        match checked {
            Ok(()) => Ok(None),
            Err(error) if matches!(error.kind(), Kind::Unavailable | Kind::Broken) => Err(error),
            Err(error) => Ok(Some(error)),
        }
    }
}

/// Records the result of an attempt to authenticate, and returns it. A token with another role is valid.
fn end_attempt<T>(attempt: Option<Attempt<'_>>, result: Result<T, Error>) -> Result<T, Error> {
    if let Some(attempt) = attempt {
        match result.as_ref().map_err(Error::kind) {
            Ok(_) | Err(Kind::Forbidden) => attempt.succeed(),
            Err(Kind::Unauthorized) => attempt.fail(),
            Err(_) => attempt.abandon(),
        }
    }
    result
}
