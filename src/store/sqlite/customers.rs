//! Customers.

use rusqlite::params;

use super::row::Columns;
use super::sql;
use super::unit::SqliteUnit;
use crate::model::customer::Customer;
use crate::model::{CustomerId, EmailAddress, Error};
use crate::store::Customers;

impl Customers for SqliteUnit<'_> {
    fn find(&mut self, id: CustomerId) -> Result<Option<Customer>, Error> {
        self.query_optional(sql!("customers/find"), [id.get()], |row| {
            let mut columns = Columns::new(row);
            Ok(Customer {
                id: columns.customer()?,
                name: columns.value()?,
                locale: columns.value()?,
                rewards_active: columns.value()?,
                email: columns.parse_optional("address", |text: String| EmailAddress::new(&text))?,
            })
        })
    }

    fn insert(&mut self, customer: &Customer) -> Result<(), Error> {
        let Customer { id, name, locale, rewards_active, email } = customer;
        let email = email.as_ref().map(EmailAddress::as_str);
        self.execute(sql!("customers/insert"), params![id.get(), name, locale, rewards_active, email])?;
        Ok(())
    }
}
