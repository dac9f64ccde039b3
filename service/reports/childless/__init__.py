"""Incidents that name no child: those where nobody asked are a work list, adults alone the denominator."""
