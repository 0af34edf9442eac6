{{ mesures_longues('insee.demo_qpv') }}
