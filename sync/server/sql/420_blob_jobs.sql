-- What is done by the clock for files. The bytes lie outside the database, so the gateway does it.

select ops.describe_job('sweep-files', '40 3 * * *', null, 'Removes bytes that nobody wants any more.');
