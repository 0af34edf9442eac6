{{ mesures_longues('insee.educ_qpv') }}
