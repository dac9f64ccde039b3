"""The tracker's application: rules, stores, services, routes and pages."""
