-- What a transfer costs should not depend on how many there were before. Measured: docs/performance.md.

-- What is new has a new cause, so an index that begins with it grows at one end. Beginning with the customer
-- it grew at as many places as there are counters, each a page to be read, written and logged, and was the
-- largest of all. The customer is in it still, as decision 0004 asks of a unique key.
alter table limit_usage drop constraint limit_usage_customer_currency_operation_cause_key;
alter table limit_usage add constraint limit_usage_cause unique (cause, customer, currency, operation);

-- Vacuum marks pages whose rows everybody sees. While a page is new that costs a few bytes. After the next
-- checkpoint the page goes into the log as a whole, because it has a checksum; by then it has been written
-- and has to be read back as well. V011 made vacuum rare, by a share of the table, so it came when nearly all
-- was old: half of the log was such pages for minutes. So it comes after a number of rows that does not grow:
-- with what is new in memory, and passing by what it has marked before.
--
-- Samples for the planner are of thirty thousand rows, each from a page of its own, and sorted by column.
-- What a table has many of is much the same when it has grown by a tenth, by which they were taken anew.
alter table transfer set (autovacuum_vacuum_insert_threshold = 20000,
    autovacuum_vacuum_insert_scale_factor = 0, autovacuum_analyze_scale_factor = 0.5);
alter table posting set (autovacuum_vacuum_insert_threshold = 20000,
    autovacuum_vacuum_insert_scale_factor = 0, autovacuum_analyze_scale_factor = 0.5);
alter table outbox set (autovacuum_vacuum_insert_threshold = 20000,
    autovacuum_vacuum_insert_scale_factor = 0, autovacuum_analyze_scale_factor = 0.5);
alter table entry set (autovacuum_vacuum_insert_threshold = 40000,
    autovacuum_vacuum_insert_scale_factor = 0, autovacuum_analyze_scale_factor = 0.5);
alter table limit_usage set (autovacuum_vacuum_insert_threshold = 40000,
    autovacuum_vacuum_insert_scale_factor = 0, autovacuum_analyze_scale_factor = 0.5);
alter table notice set (autovacuum_vacuum_insert_threshold = 40000,
    autovacuum_vacuum_insert_scale_factor = 0, autovacuum_analyze_scale_factor = 0.5);

-- Nobody looks for a row by what these say.
alter table transfer alter column fingerprint set statistics 0, alter column answer set statistics 0,
                     alter column ruling set statistics 0, alter column limits set statistics 0,
                     alter column note set statistics 0;
alter table outbox alter column payload set statistics 0;
alter table notice alter column data set statistics 0;
