//! The contract of a store. Each function is one promise, held against a fresh world; [`hold_to`] makes a test of each
//! for one backend.

pub(crate) mod deliveries;
pub(crate) mod health;
pub(crate) mod idempotency;
pub(crate) mod inbox;
pub(crate) mod leases;
pub(crate) mod ledger;
pub(crate) mod lists;
pub(crate) mod operations;
pub(crate) mod outbox;
pub(crate) mod references;
pub(crate) mod tickets;
pub(crate) mod tokens;
pub(crate) mod two_stores;
pub(crate) mod units;
pub(crate) mod webhooks;

/// A test for each promise, in a module of the backend's name; `$world` makes a fresh store with the world in it.
macro_rules! hold_to {
    ($backend:ident, $world:path) => {
        mod $backend {
            $crate::contract::hold_to!(@area $world, tickets:
                a_ticket_reads_back_as_it_was_written,
                each_ticket_gets_the_next_id,
                members_keep_the_order_they_were_named,
                a_loaded_ticket_keeps_its_id_and_state,
                an_update_moves_status_level_and_time,
                an_update_of_a_version_that_is_gone_is_refused,
                a_ticket_that_is_not_there_is_none,
                a_ticket_is_shown_with_what_it_refers_to,
            );
            $crate::contract::hold_to!(@area $world, idempotency:
                a_stored_response_reads_back_until_it_expires,
                an_unexpired_response_is_not_replaced,
                a_response_belongs_to_its_principal_endpoint_and_key,
                expired_responses_are_purged_oldest_first,
                a_unit_counts_its_writes,
            );
            $crate::contract::hold_to!(@area $world, lists:
                my_list_holds_own_tickets_and_those_of_groups,
                my_list_holds_the_asked_statuses,
                a_list_goes_on_while_tickets_are_added,
                every_page_of_every_list_holds_what_a_plain_walk_would,
                a_search_finds_words_in_every_language,
                a_search_takes_no_sign_for_more_than_a_gap,
                a_search_finds_all_of_many_in_every_order,
                the_best_of_a_search_are_first,
                a_search_goes_on_while_tickets_are_added,
                a_search_finds_tickets_that_were_loaded_in_any_order,
                an_order_of_ranks_needs_a_search,
                both_ends_of_a_time_count,
            );
            $crate::contract::hold_to!(@area $world, references:
                a_customer_reads_back,
                a_ride_an_order_and_a_booking_read_back,
                who_booked_and_who_came_along_had_a_part,
                a_customer_is_written_once,
            );
            $crate::contract::hold_to!(@area $world, ledger:
                a_ticket_earns_once_for_each_operation,
                the_standing_of_an_award_is_the_account_and_what_the_ticket_earned,
                a_row_that_the_ledger_refuses_undoes_only_itself,
                a_balance_is_the_sum_of_the_ledger,
                a_history_is_newest_first,
                a_key_grants_a_customer_once,
            );
            $crate::contract::hold_to!(@area $world, operations:
                a_history_is_in_the_order_of_operations,
                a_history_keeps_who_why_and_in_which_request,
                events_are_numbered_in_order,
                the_parts_of_an_operation_may_be_missing,
                the_history_of_another_ticket_is_another,
            );
            $crate::contract::hold_to!(@area $world, outbox:
                an_event_concerns_its_owner_and_group,
                a_customers_events_are_those_that_concern_them_in_order,
                an_event_is_kept_as_it_was_published,
                the_newest_number_is_the_last_that_was_given,
                every_commit_of_ones_own_is_told,
                a_unit_that_writes_nothing_is_not_told,
            );
            $crate::contract::hold_to!(@area $world, inbox:
                an_inbox_is_newest_first_and_ones_own,
                an_inbox_goes_on_while_notifications_are_added,
                what_was_read_is_marked_once,
                nobody_marks_anothers,
            );
            $crate::contract::hold_to!(@area $world, tokens:
                a_token_is_found_by_its_digest_and_its_id,
                tokens_are_listed_newest_first,
                a_token_is_revoked_once,
                a_digest_stands_once,
            );
            $crate::contract::hold_to!(@area $world, webhooks:
                a_webhook_reads_back_as_it_was_added,
                a_rotated_webhook_keeps_the_secret_before,
                a_disabled_webhook_is_enabled_once,
            );
            $crate::contract::hold_to!(@area $world, leases:
                a_lease_has_one_holder_at_a_time,
            );
            $crate::contract::hold_to!(@area $world, deliveries:
                a_webhook_is_given_the_later_events_that_it_asks_for,
                an_attempt_is_kept_once_and_settles_its_delivery,
                a_removed_webhook_takes_its_deliveries_along,
                a_requeued_delivery_names_the_attempts_that_it_had,
                nothing_is_queued_while_mail_is_off,
                a_letter_goes_to_who_has_an_address,
                an_attempt_settles_its_mail_once,
            );
            $crate::contract::hold_to!(@area $world, two_stores:
                one_key_at_once_opens_one_ticket,
                a_hundred_closes_give_one_success,
                events_come_gapless_and_in_order_to_both,
                two_that_purge_leave_what_one_would,
                a_worker_that_lost_its_lease_sends_nothing_more_and_settles_nothing_twice,
                a_store_that_is_closed_leaves_the_other_open,
            );
            $crate::contract::hold_to!(@area $world, health:
                a_store_tells_how_much_there_is_of_what,
                a_lease_tells_since_when_and_when_it_was_renewed,
                a_webhook_tells_what_it_has_yet_to_get,
                a_check_ends_in_time,
            );
            $crate::contract::hold_to!(@area $world, units:
                a_refusal_undoes_only_itself,
                a_unit_that_writes_and_then_fails_leaves_nothing,
                a_unit_that_finds_what_it_read_changed_is_run_again,
                a_panic_leaves_nothing_and_the_store_goes_on,
                operations_in_one_group_leave_one_whole_log,
                two_hundred_closes_at_once_give_one_success_and_one_award,
                a_unit_sees_what_it_wrote,
                a_use_case_answers_what_the_store_then_holds,
                a_read_stays_on_its_snapshot,
                a_read_that_writes_is_refused,
                a_panic_in_a_read_harms_no_later_one,
                a_pulse_proves_that_the_store_takes_writes,
                work_after_the_close_is_answered,
            );
        }
    };
    (@area $world:path, $area:ident: $($promise:ident),* $(,)?) => {
        mod $area {
            $(
                #[test]
                fn $promise() {
                    $crate::contract::$area::$promise(&$world());
                }
            )*
        }
    };
}
pub(crate) use hold_to;
