"""The demo merchant: 30 days of trade in six shops and three warehouses, made through the same services as real life.

The simulated platform keeps the other side of every order in its own books, so that shipments pushed back are accepted
and its settlement statements can disagree with ours.
"""
