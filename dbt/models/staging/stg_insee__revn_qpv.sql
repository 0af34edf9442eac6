{{ mesures_longues('insee.revn_qpv') }}
