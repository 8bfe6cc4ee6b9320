//! `support ticket create`: creates a ticket on behalf of a customer.

use clap::Args;
use serde::Serialize;

use super::super::batch::{CommandOutcome, print_outcome};
use super::super::output::display_options::DisplayOptions;
use super::super::session::Session;
use super::super::{CommandResult, input, values};
use super::award::AwardArgs;
use super::transition::{no_award_warning, outcome_view};
use crate::desk::create::create_drafted;
use crate::model::draft::Draft;
use crate::model::reference::Reference;
use crate::model::{BookingId, CustomerId, IssueType, Message, OrderId, RideId, ServiceType, ValidationErrors};
use crate::system;
use crate::view::OutcomeView;

pub(super) const EXAMPLES: &str = "\
support ticket create --customer 1 --service ride --issue PAYMENT_ISSUE --ride 1 --description \"Charged twice\"
support ticket create --customer 1 --service order --issue OTHER --order 1 --description - < letter.txt";

#[derive(Debug, Args)]
pub struct Create {
    /// Customer who owns the ticket.
    #[arg(long, value_name = "ID", value_parser = values::parse::<CustomerId>)]
    customer: CustomerId,
    /// Service type.
    #[arg(long, ignore_case = true, value_parser = values::one_of(ServiceType::ALL))]
    service: ServiceType,
    /// Issue type.
    #[arg(long, ignore_case = true, value_parser = values::one_of(IssueType::ALL))]
    issue: IssueType,
    /// Description of the issue, at most 5000 characters; - reads it from standard input.
    #[arg(long, value_name = "TEXT", allow_hyphen_values = true)]
    description: String,
    /// Ride that the ticket is about; required for a ride ticket.
    #[arg(long, value_name = "ID", value_parser = values::parse::<RideId>)]
    ride: Option<RideId>,
    /// Order that the ticket is about; required for an order ticket.
    #[arg(long, value_name = "ID", value_parser = values::parse::<OrderId>)]
    order: Option<OrderId>,
    /// Booking that the ticket is about; required for a booking ticket.
    #[arg(long, value_name = "ID", value_parser = values::parse::<BookingId>)]
    booking: Option<BookingId>,
    /// Customer to add as a group member; repeatable or comma-separated.
    #[arg(long, value_delimiter = ',', value_name = "ID", value_parser = values::parse::<CustomerId>)]
    member: Vec<CustomerId>,
    /// Award of the customer.
    #[command(flatten)]
    award: AwardArgs,
}

impl Create {
    pub(crate) fn run(self, session: &mut Session<'_>) -> CommandResult {
        let draft = Draft {
            service: Some(self.service),
            issue: Some(self.issue),
            description: Some(if self.description == "-" { input::read_text()? } else { self.description }),
            reference: Reference { ride: self.ride, order: self.order, booking: self.booking },
            members: self.member,
        };
        let drafted = draft.into_checked(self.customer, ValidationErrors::default());
        let (caller, now) = (self.award.caller(session), system::now());
        let outcome = session.store()?.write_blocking(move |unit| create_drafted(unit, &caller, &drafted, now))?;
        print_outcome(session, &Created(outcome_view(&outcome, session.display.locale)))
    }
}

/// Created ticket.
#[derive(Serialize)]
#[serde(transparent)]
struct Created(OutcomeView);

impl CommandOutcome for Created {
    const CSV: &'static [&'static str] = super::transition::CSV;

    fn text(&self, display: &DisplayOptions) -> String {
        display.locale.translate(&Message::new("cli.ticket.created").with("id", self.0.ticket_id))
    }

    fn warning(&self) -> Option<Message> {
        no_award_warning(&self.0)
    }
}
