"""Who the law says must know: referrals prepared with the decision, approved by people, sent, their receipts kept."""
