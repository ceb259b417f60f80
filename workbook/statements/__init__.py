"""Statements of account and confirmations of balances, one file a customer; and what customers reply to them."""
