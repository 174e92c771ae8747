"""A platform to practise with: an outside process that plays every platform over HTTP, with a memory of its own.

It knows nothing of our database. It checks our tokens and signatures, limits our rate, keeps our shipments, lets buyers
buy, pay and change their minds, and sends signed webhooks to us as a real platform does, its bad habits included.
Each platform's dialect lives in its connector's folder (`simulator.py`); here is what they share.
"""
