"""Who may do what with every table, and the policies that say it to Postgres."""
