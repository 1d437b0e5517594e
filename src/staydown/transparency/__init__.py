"""What is published: statements of reasons for the Commission's database, without a word about any person."""
