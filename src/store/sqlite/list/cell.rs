//! Cells and stretches: the numbers that the indexes of lists begin with.

use super::List;
use crate::model::{IssueType, Level, ServiceType, Status};

/// How much later than its opening a ticket of each stretch moved: at least so many seconds, and less than so many.
pub(super) const STRETCHES: [(i64, i64); 9] = [
    (0, 1),
    (1, 3_600),
    (3_600, 14_400),
    (14_400, 57_600),
    (57_600, 230_400),
    (230_400, 921_600),
    (921_600, 3_686_400),
    (3_686_400, 14_745_600),
    (14_745_600, i64::MAX),
];

impl List<'_> {
    /// The cells that pass the filter, of this level or of any.
    pub(super) fn cells(&self, only: Option<Level>) -> Vec<i64> {
        let filter = self.filter;
        let levels = [Level::FIRST, Level::SECOND, Level::TOP];
        let mut cells = Vec::new();
        for status in wanted(Status::ALL, &filter.statuses) {
            for level in wanted(&levels, &filter.levels).filter(|level| only.is_none_or(|only| only == *level)) {
                for service in wanted(ServiceType::ALL, &filter.services) {
                    for issue in wanted(IssueType::ALL, &filter.issues) {
                        cells.push(cell(status, level, service, issue));
                    }
                }
            }
        }
        cells
    }
}

/// Those of a closed list that a filter names, each once; all where it names none.
fn wanted<T: Copy + PartialEq>(all: &[T], named: &[T]) -> impl Iterator<Item = T> {
    all.iter().copied().filter(move |one| named.is_empty() || named.contains(one))
}

/// The cell of a ticket, as the indexes `tickets_of_cell` count.
fn cell(status: Status, level: Level, service: ServiceType, issue: IssueType) -> i64 {
    let status = match status {
        Status::Open => 0,
        Status::Escalated => 1,
        Status::Closed => 2,
    };
    let service = match service {
        ServiceType::Ride => 0,
        ServiceType::Order => 1,
        ServiceType::Booking => 2,
        ServiceType::EventService => 3,
        ServiceType::InDiningOrder => 4,
    };
    let issue = match issue {
        IssueType::PaymentIssue => 0,
        IssueType::ServiceQuality => 1,
        IssueType::Cancellation => 2,
        IssueType::DeliveryIssue => 3,
        IssueType::BookingIssue => 4,
        IssueType::Other => 5,
    };
    ((status * 3 + i64::from(level.get()) - 1) * 5 + service) * 6 + issue
}
