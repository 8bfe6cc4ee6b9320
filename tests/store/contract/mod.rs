//! Contract of a store. Each function tests one property on a new world; [`hold_to`] makes the tests for a backend.

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

/// Makes a test of each property, in a module named after the backend; `$world` creates a store with the test world.
macro_rules! hold_to {
    ($backend:ident, $world:path) => {
        mod $backend {
            $crate::contract::hold_to!(@area $world, tickets:
                a_ticket_reads_back_as_it_was_written,
                each_ticket_gets_the_next_id,
                members_keep_their_order,
                a_loaded_ticket_keeps_its_id_and_state,
                an_update_changes_status_level_and_time,
                an_update_of_an_old_version_is_rejected,
                a_missing_ticket_is_none,
                details_include_ride_order_and_booking,
            );
            $crate::contract::hold_to!(@area $world, idempotency:
                a_stored_response_reads_back_until_it_expires,
                an_unexpired_response_is_not_replaced,
                a_response_belongs_to_its_principal_endpoint_and_key,
                expired_responses_are_purged_oldest_first,
                a_unit_counts_its_writes,
            );
            $crate::contract::hold_to!(@area $world, lists:
                a_customers_list_has_own_tickets_and_those_of_groups,
                a_customers_list_is_filtered_by_status,
                paging_is_stable_while_tickets_are_added,
                every_page_of_every_list_equals_a_full_scan,
                a_search_finds_words_in_every_language,
                a_search_treats_punctuation_as_a_gap,
                a_search_finds_all_of_many_in_every_order,
                search_results_are_ordered_by_rank,
                search_paging_is_stable_while_tickets_are_added,
                a_search_finds_tickets_that_were_loaded_in_any_order,
                order_by_rank_needs_a_search,
                both_ends_of_a_time_range_are_included,
            );
            $crate::contract::hold_to!(@area $world, references:
                a_customer_reads_back,
                a_ride_an_order_and_a_booking_read_back,
                customers_who_booked_or_took_part_are_participants,
                a_customer_id_is_unique,
            );
            $crate::contract::hold_to!(@area $world, ledger:
                a_ticket_has_one_award_for_each_operation,
                award_standing_has_the_account_and_earlier_awards,
                award_standing_counts_the_awards_of_the_period,
                a_rejected_ledger_row_undoes_only_itself,
                a_balance_is_the_sum_of_the_ledger,
                a_history_is_newest_first,
                a_key_grants_a_customer_once,
            );
            $crate::contract::hold_to!(@area $world, operations:
                a_history_is_in_the_order_of_operations,
                a_history_has_actor_reason_and_request,
                events_are_numbered_in_order,
                an_operation_may_have_no_effects,
                a_history_has_only_its_own_ticket,
            );
            $crate::contract::hold_to!(@area $world, outbox:
                an_events_audience_is_owner_and_group,
                a_customers_events_are_in_order,
                an_event_reads_back_as_published,
                newest_is_the_last_id_in_use,
                every_own_commit_notifies,
                a_unit_without_writes_does_not_notify,
            );
            $crate::contract::hold_to!(@area $world, inbox:
                an_inbox_is_newest_first_and_has_one_customers_notifications,
                inbox_paging_is_stable_while_notifications_are_added,
                a_notification_is_marked_as_read_once,
                another_customers_notifications_are_not_marked,
            );
            $crate::contract::hold_to!(@area $world, tokens:
                a_token_is_found_by_its_digest_and_its_id,
                tokens_are_listed_newest_first,
                a_token_is_revoked_once,
                a_digest_is_unique,
            );
            $crate::contract::hold_to!(@area $world, webhooks:
                a_webhook_reads_back_as_it_was_added,
                a_rotated_webhook_keeps_the_old_secret,
                a_disabled_webhook_is_enabled_once,
            );
            $crate::contract::hold_to!(@area $world, leases:
                a_lease_has_one_holder_at_a_time,
            );
            $crate::contract::hold_to!(@area $world, deliveries:
                a_webhook_receives_later_events_that_it_subscribes_to,
                an_attempt_is_stored_once_and_settles_its_delivery,
                a_removed_webhooks_deliveries_are_deleted,
                a_requeue_checks_the_number_of_attempts,
                nothing_is_queued_while_mail_is_off,
                a_mail_is_queued_for_a_customer_with_an_address,
                an_attempt_settles_its_mail_once,
            );
            $crate::contract::hold_to!(@area $world, two_stores:
                one_key_used_concurrently_opens_one_ticket,
                a_hundred_concurrent_closes_give_one_success,
                both_stores_read_events_in_order_without_gaps,
                concurrent_purges_leave_what_one_would,
                a_worker_without_its_lease_sends_nothing_and_settles_nothing_twice,
                closing_one_store_leaves_the_other_open,
            );
            $crate::contract::hold_to!(@area $world, health:
                tallies_count_rows_by_kind,
                the_delivery_lease_has_its_times,
                webhook_facts_count_undelivered_events,
                an_integrity_check_stops_at_its_limit,
            );
            $crate::contract::hold_to!(@area $world, units:
                a_failed_unit_undoes_only_itself,
                a_unit_that_fails_after_a_write_is_rolled_back,
                a_unit_that_finds_a_change_runs_again,
                a_panic_is_rolled_back_and_the_store_works,
                operations_in_one_group_extend_one_audit_chain,
                two_hundred_concurrent_closes_give_one_success_and_one_award,
                a_unit_reads_its_own_writes,
                a_use_case_returns_the_stored_state,
                a_read_stays_on_its_snapshot,
                a_write_in_a_read_fails,
                reads_work_after_a_panic_in_a_read,
                a_pulse_proves_that_the_store_accepts_writes,
                work_after_close_fails,
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
