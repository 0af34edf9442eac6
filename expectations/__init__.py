"""CHECK: Great Expectations suites, one per dataset and one per mart; the runner; Data Docs."""
