create index idx_requests_code on public.requests ((payload_json->>'code')) where kind = 'publish';
