-- What is done by the clock for accounts.

select ops.describe_job(
  'forget-expired', '15 * * * *', 'ops.forget_expired()', 'Removes spent links, invitations and counts of attempts.');
