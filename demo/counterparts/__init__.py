"""The other side: OA, CRM, finance, assets, SMS, a directory and a mailbox, played by one separate process.

It imports nothing of ours and keeps to `openapi.yaml`, the contract that our adapters are written against.
"""
